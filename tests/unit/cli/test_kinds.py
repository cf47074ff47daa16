from types import SimpleNamespace

from infra.cli.kinds import counted


def report(nodeid: str) -> SimpleNamespace:
    return SimpleNamespace(nodeid=nodeid)


def test_tests_are_counted_by_the_folder_that_holds_them() -> None:
    stats = {
        "passed": [report("tests/unit/cli/test_a.py::b"), report("tests/e2e/test_a.py::b[/x]")],
        "failed": [report("tests/unit/test_a.py::c")],
        "deselected": [report("tests/unit/test_a.py::d")],
    }

    counts = {kind: dict(each) for kind, each in counted(stats).items()}

    assert counts == {
        "unit": {"passed": 1, "failed": 1},
        "integration": {},
        "infrastructure": {},
        "e2e": {"passed": 1},
    }


def test_a_test_outside_the_kinds_is_counted_too() -> None:
    assert counted({"passed": [report("tests/test_a.py::b")]})["other"]["passed"] == 1

"""What a run found, shown, kept, and beside an earlier one."""

from pathlib import Path

import pytest

from infra.bench.machine import Machine
from infra.bench.report import NoReport, Report, heads, share_rows

MACHINE = Machine("3.11.7", "Linux x86_64", 2, 0.5, 1.5)


def report(**values: float) -> Report:
    """A report of these figures; `__` in a name stands for a dot."""
    return Report(MACHINE, {name.replace("__", "."): value for name, value in values.items()})


def test_a_row_tells_value_target_and_whether_it_is_met() -> None:
    rows = report(calls__submit=3, accepted__8=132.4).rows()

    assert rows == [
        ("AWS calls per submit", "3", "≤ 3", "met"),
        ("Accepted, 8 clients", "132 /s", "≥ 140 /s", "missed"),
    ]


def test_a_figure_without_a_target_is_only_told() -> None:
    assert report(init__hello=36.6).rows() == [("Init of a Chalice hello, CPU", "37 ms", "", "")]


def test_too_many_calls_and_bytes_are_held_against_a_run() -> None:
    over = report(calls__submit=4, size__api__zipped=14.1, latency__close__p50=99).exceeded()

    assert [figure.key for figure in over] == ["calls.submit", "size.api.zipped"]


def test_what_binds_and_is_exceeded_stands_out() -> None:
    assert report(calls__submit=4).rows()[0][-1] == "EXCEEDED"


def test_an_earlier_run_stands_beside_with_the_ratio() -> None:
    rows = report(drain=1800.0).rows(report(drain=900.0))

    assert rows[0][4:] == ("900 /s", "x 2.00")


def test_what_the_earlier_run_did_not_measure_has_no_ratio() -> None:
    assert report(drain=1800.0).rows(report())[0][4:] == ("", "")


@pytest.mark.parametrize("earlier", [None, report(drain=900.0)])
def test_there_is_a_heading_for_every_column(earlier: Report | None) -> None:
    [row] = report(drain=1800.0).rows(earlier)

    assert len(heads(compared=earlier is not None)) == len(row)


def test_a_report_comes_back_from_its_file(tmp_path: Path) -> None:
    whole = Report(MACHINE, {"drain": 1800.0}, {"api": {"botocore": 30.0}}, ("RSS",))
    whole.write(tmp_path / "bench.json")

    assert Report.read(tmp_path / "bench.json") == whole


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"machine": {}, "values": {}}'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    other = tmp_path / "other.json"
    other.write_text(text)

    with pytest.raises(NoReport, match="is not what a run writes"):
        Report.read(other)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoReport, match="cannot be read"):
        Report.read(tmp_path / "none.json")


def test_the_dearest_libraries_come_first_with_their_part() -> None:
    shares = {"api": {"botocore": 30.0, "jwt": 10.0}, "worker": {"numpy": 20.0}}

    assert share_rows(shares) == [
        ("botocore", "30 ms, 75%", ""),
        ("numpy", "", "20 ms, 100%"),
        ("jwt", "10 ms, 25%", ""),
    ]

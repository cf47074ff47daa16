"""Pins, environments, models and bundles of a checkout."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from infra.doctor import checkout
from infra.doctor.findings import State

PINS = """# made by infra.lock
boto3==1.43.1
numpy==2.2.6 ; python_version < "3.0"
rich==15.0.0  # tables
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text(PINS)
    return tmp_path / "requirements.txt"


def installed(**versions: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    return version


def test_pins_that_are_installed_are_counted_without_those_of_other_pythons(lock: Path) -> None:
    found = checkout.pins(lock, installed(boto3="1.43.1", rich="15.0.0"))
    assert (found.state, found.detail) == (State.OK, "2 pins of .venv are installed")


def test_each_difference_is_told(lock: Path) -> None:
    found = checkout.pins(lock, installed(boto3="1.0.0"))
    assert found.state == State.WARN
    assert "boto3==1.43.1 (1.0.0), rich==15.0.0 (missing)" in found.detail


def test_many_differences_are_counted(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("".join(f"package{number}==1.0\n" for number in range(5)))
    assert checkout.pins(lock, installed()).detail.endswith(" and 2 more")


def test_the_emulators_environment_is_made_by_fix() -> None:
    made: list[str] = []
    found = checkout.emulator_environment(False, lambda: made.append("it"))
    assert found.state == State.WARN
    assert found.mend
    found.mend()
    assert made == ["it"]


def test_an_environment_of_these_pins_is_right() -> None:
    assert checkout.emulator_environment(True, list).state == State.OK


def test_models_are_counted_and_named() -> None:
    found = checkout.models(lambda: ["sentiment", "temperature"])
    assert found.detail == "2 can be served: sentiment, temperature"


def test_a_stale_build_is_named_and_built_by_fix() -> None:
    built: list[str] = []
    found = checkout.bundles(lambda: ["api", "model"], lambda: built.append("all"))
    assert (found.state, found.cure) == (State.WARN, "./run.sh up")
    assert found.detail.startswith("api, model ")
    assert found.mend
    found.mend()
    assert built == ["all"]


def test_a_fresh_build_needs_nothing() -> None:
    assert checkout.bundles(list, list).state == State.OK

"""Python, git, room and Docker of machines that are not this one."""

from pathlib import Path

import pytest

from infra.doctor import machine
from infra.doctor.findings import State
from infra.localstack.errors import NoDocker


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((3, 10, 13), State.FAIL),
        ((3, 11, 0), State.OK),
        ((3, 14, 2), State.OK),
        ((3, 15, 0), State.WARN),
    ],
)
def test_a_python_that_is_too_old_fails_and_one_that_lambda_lacks_warns(
    version: tuple[int, ...], state: State
) -> None:
    assert machine.python(version, has=lambda _: True).state == state


def test_a_python_without_the_venv_module_fails_with_the_package_that_has_it() -> None:
    found = machine.python((3, 12, 1), has=lambda name: name != "ensurepip")
    assert (found.state, "python3-venv" in found.cure) == (State.FAIL, True)


@pytest.mark.parametrize(("path", "state"), [("/usr/bin/git", State.OK), (None, State.WARN)])
def test_git_is_missed_by_those_who_commit(path: str | None, state: State) -> None:
    assert machine.git(lambda _: path).state == state


@pytest.mark.parametrize(
    ("free", "state"),
    [(100_000_000, State.FAIL), (1_500_000_000, State.WARN), (9_000_000_000, State.OK)],
)
def test_room_is_measured_by_what_a_first_up_takes(free: int, state: State) -> None:
    assert machine.room(Path("/checkout"), free).state == state


def test_docker_is_never_a_failure() -> None:
    def require() -> None:
        raise NoDocker

    found = machine.docker(require)
    assert found.state == State.OK
    assert "there is no docker command on PATH" in found.detail


def test_an_engine_that_answers_is_told() -> None:
    assert "an engine answers" in machine.docker(lambda: None).detail

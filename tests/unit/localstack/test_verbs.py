"""The command line with a LocalStack that cannot be used: a sentence, exit code 1."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.localstack.memory import Memory, MemoryFile
from infra.localstack.pinned import VARIABLE
from tests.unit.cli.conftest import Run
from tests.unit.cli.conftest import run as run  # the fixture
from tests.unit.localstack.conftest import Serve, healthy

UP = ("up", "--target", "localstack")
DOWN = 'echo "Cannot connect to the Docker daemon" >&2; exit 1'


@pytest.fixture
def file(tmp_path: Path) -> MemoryFile:
    """The memory of the folder that `run` works on."""
    return MemoryFile(tmp_path / "local")


def test_another_release_at_the_endpoint_is_told(
    run: Run, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, serve(healthy(version="2026.3.0")))

    told = run(*UP)

    assert told.exit_code == 1
    assert "error: LocalStack 2026.3.0 runs at" in told.stderr
    assert "Traceback" not in told.stderr


def test_without_an_engine_it_is_told_before_anything_is_built(
    run: Run, docker: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    docker(DOWN)

    told = run(*UP)

    assert told.exit_code == 1
    assert told.stdout == ""
    assert "error: LocalStack cannot be started: no Docker engine answers." in told.stderr


def test_a_target_that_there_is_none_of_is_wrong_usage(run: Run) -> None:
    assert run("up", "--target", "aws").exit_code == 2


def test_url_is_that_of_the_localstack_where_it_is_up(run: Run, file: MemoryFile) -> None:
    file.write(Memory("http://127.0.0.1:4567", 8123, 4623, "a1b2"))

    assert run("url").stdout == "http://127.0.0.1:4567/_aws/execute-api/a1b2/api\n"


def test_the_embedded_one_does_not_come_up_beside_it(run: Run, file: MemoryFile) -> None:
    file.write(Memory("http://127.0.0.1:4567", 8123, 4623, "a1b2"))

    told = run("up", "--target", "embedded")

    assert told.exit_code == 1
    assert "is up on the LocalStack at http://127.0.0.1:4567" in told.stderr


def test_status_of_a_localstack_that_is_gone_is_not_up(
    run: Run, file: MemoryFile, free_endpoint: str
) -> None:
    file.write(Memory(free_endpoint, 8123, 4623, "a1b2"))

    assert run("status").exit_code == 1


def test_a_verb_tells_that_the_localstack_is_gone(
    run: Run, file: MemoryFile, free_endpoint: str
) -> None:
    file.write(Memory(free_endpoint, 8123, 4623, "a1b2"))

    told = run("users", "ls")

    assert told.exit_code == 1
    assert f"error: {free_endpoint} does not answer." in told.stderr


def test_down_leaves_a_found_one_running_and_is_done_with_it(
    run: Run, file: MemoryFile, free_endpoint: str
) -> None:
    file.write(Memory(free_endpoint, 8123, 4623, "a1b2"))

    first, second = run("down"), run("down")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert f"left running at {free_endpoint}" in first.stdout
    assert "LocalStack" not in second.stdout


def test_wiping_one_that_is_gone_forgets_it(run: Run, file: MemoryFile, free_endpoint: str) -> None:
    file.write(Memory(free_endpoint, 8123, 4623, "a1b2").stopped())

    assert run("down", "--wipe").exit_code == 0
    assert file.read() is None


def test_down_removes_the_containers(
    run: Run, file: MemoryFile, docker: Callable[[str], Path]
) -> None:
    calls = docker("")
    file.write(Memory(None, 8123, 4623))

    assert run("down").exit_code == 0
    assert "down --volumes" in calls.read_text()

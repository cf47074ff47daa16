"""Which processes count as the emulator, and whose a port is."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.emulator.errors import PortTaken
from infra.emulator.ports import require_free
from infra.emulator.running import Record, Running


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "emulator.pid"


@contextmanager
def begun(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with these arguments, once it runs: before that nobody can read them."""
    command = [sys.executable, "-c", "print(flush=True); input()", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout
        process.stdout.readline()
        yield process


def test_without_a_pid_file_nothing_runs(pid_file: Path) -> None:
    assert Running.of(pid_file) is None


@pytest.mark.parametrize("text", ["", "12345", "not json", '{"pid": 1}', "[]"])
def test_a_file_of_other_content_counts_as_none(pid_file: Path, text: str) -> None:
    pid_file.write_text(text)

    assert Running.of(pid_file) is None


def test_the_number_of_a_dead_process_is_not_the_emulator(pid_file: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    Record(ended.pid, 8000, 4566).write(pid_file)

    assert Running.of(pid_file) is None


def test_another_process_of_that_number_is_not_the_emulator(pid_file: Path) -> None:
    Record(os.getpid(), 8000, 4566).write(pid_file)

    assert Running.of(pid_file) is None


def test_the_process_started_with_that_very_file_is(pid_file: Path) -> None:
    with begun("--pid-file", str(pid_file)) as process:
        Record(process.pid, 8000, 4566).write(pid_file)
        running = Running.of(pid_file)

    assert running is not None
    assert running.record == Record(process.pid, 8000, 4566)


def test_it_is_found_even_if_its_pid_file_was_deleted(pid_file: Path) -> None:
    options = ["--port", "8000", "--emulator-port", "4566", "--pid-file", str(pid_file)]
    with begun(*options) as process:
        running = Running.of(pid_file)

    assert running is not None
    assert running.record == Record(process.pid, 8000, 4566)


def test_a_taken_port_is_told_with_its_holder_and_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortTaken) as taken:
            require_free(port, "EMULATOR_PORT")

    message = str(taken.value)
    for part in (f"Port {port}", f"process {os.getpid()}", "./run.sh down", "EMULATOR_PORT="):
        assert part in message

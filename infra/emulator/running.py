"""The process that a pid file names, if it lives and is the emulator that wrote it."""

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

GRACE = 3.0  # seconds for the functions' processes, whose input has closed, to end by themselves


@dataclass(frozen=True)
class Record:
    """What the pid file says."""

    pid: int
    port: int
    emulator_port: int

    @classmethod
    def read(cls, file: Path) -> "Record | None":
        """None without a file; a file that is not ours counts as none."""
        try:
            return cls(**json.loads(file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    @classmethod
    def search(cls, file: Path) -> "Record | None":
        """As the emulator's own command line says, for when the file was deleted under it."""
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if str(file) in command and "--emulator-port" in command:
                ports = [int(_option(command, name)) for name in ("--port", "--emulator-port")]
                return cls(process.pid, *ports)
        return None

    def write(self, file: Path) -> None:
        """Leave it for whoever asks next."""
        file.write_text(json.dumps(asdict(self)))


@dataclass(frozen=True)
class Running:
    """A living emulator, leader of its own session and process group."""

    record: Record
    process: psutil.Process

    @classmethod
    def of(cls, pid_file: Path) -> "Running | None":
        """The emulator of this pid file; a dead or foreign process of that number is none."""
        record = Record.read(pid_file) or Record.search(pid_file)
        if record is None:
            return None
        try:
            process = psutil.Process(record.pid)
            ours = str(pid_file) in _command(process)  # each is started with its own file's name
        except psutil.Error:
            return None
        return cls(record, process) if ours and _lives(process) else None

    def signal(self, number: signal.Signals) -> None:
        """To the emulator alone: it ends its functions itself."""
        self.process.send_signal(number)

    def ended_within(self, seconds: float) -> bool:
        """Whether the emulator itself ended in that time."""
        return _within(seconds, lambda: not _lives(self.process))

    def end_group(self) -> None:
        """See that no process of its group is left, by force where patience does not do."""
        if _within(GRACE, self._is_group_empty):
            return
        os.killpg(self.record.pid, signal.SIGKILL)
        _within(GRACE, self._is_group_empty)

    def weight(self) -> tuple[int, int]:
        """How many processes of functions it has, and the resident MB of all together."""
        members = self._group()
        resident = sum(_resident(member) for member in members)
        return len(members) - 1, resident // 2**20

    def _is_group_empty(self) -> bool:
        return not self._group()

    def _group(self) -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if _group_of(p) == self.record.pid and _lives(p)]


def _command(process: psutil.Process) -> list[str]:
    """Its command line, which for an instant after exec reads as empty."""
    _within(1.0, lambda: process.cmdline() or not _lives(process))
    return list(process.cmdline())


def _option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def _group_of(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except (ProcessLookupError, PermissionError):
        return None


def _lives(process: psutil.Process) -> bool:
    """A zombie has ended; in a container nobody may ever collect it."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _within(seconds: float, happened: Callable[[], object]) -> bool:
    """Whether it happens before the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True

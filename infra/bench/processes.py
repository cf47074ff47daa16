"""CPU and memory of everything that a running Lambent consists of: one process group."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil


class Group:
    """The emulator and the processes of its functions."""

    def __init__(self, leader: int) -> None:
        self._leader = leader

    def cpu(self) -> float:
        """Seconds so far, of ended processes too."""
        return sum(_cpu(member) for member in self._members())

    def cpu_of_functions(self) -> float:
        """The same without the emulator, which has chores of its own."""
        return sum(_cpu(member) for member in self._members() if member.pid != self._leader)

    def memory(self) -> float:
        """MB: what each process has for itself and its part of what it shares (PSS), or RSS."""
        return sum(_memory(member) for member in self._members()) / 1e6

    def _members(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with suppress(ProcessLookupError, PermissionError):
                if os.getpgid(process.pid) == self._leader:
                    yield process


def tells_pss() -> bool:
    """Whether this system tells shared memory apart; otherwise it is counted in each process."""
    return Path("/proc/self/smaps_rollup").exists()


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    spent: float = times.user + times.system + times.children_user + times.children_system
    return spent


def _memory(process: psutil.Process) -> int:
    try:
        if tells_pss():
            return _pss(Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii"))
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError):
        return 0


def _pss(rollup: str) -> int:
    (line,) = (line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024

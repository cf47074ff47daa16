"""The machine under the figures, for no time means anything without it."""

import os
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import psutil


@dataclass(frozen=True)
class Machine:
    """Its Python, its cores, and how busy it was; `others` is how many cores others used."""

    python: str
    system: str
    cores: int
    load_before: float
    load_after: float | None = None
    others: float | None = None

    def told(self) -> str:
        """In one line."""
        parts = [self.system, f"{self.cores} cores", f"Python {self.python}"]
        parts.append(f"load {self.load_before:.1f} before")
        if self.load_after is not None:
            parts.append(f"{self.load_after:.1f} after")
        if self.others is not None:
            parts.append(f"{self.others:.2f} cores used by others meanwhile")
        return ", ".join(parts)


def watch() -> Callable[[], Machine]:
    """Look at the machine now; what is returned looks again, once all that was started ended."""
    system = f"{platform.system()} {platform.machine()}"
    before = Machine(platform.python_version(), system, os.cpu_count() or 1, _load())
    began, busy, own = time.monotonic(), _busy(), _own()

    def look() -> Machine:
        others = (_busy() - busy - (_own() - own)) / (time.monotonic() - began)
        return replace(before, load_after=_load(), others=round(max(0.0, others), 2))

    return look


def _load() -> float:
    """How many processes wanted to run, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def _busy() -> float:
    """Seconds that all cores worked, for whomever."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def _own() -> float:
    """Seconds of this process and of those that it started and saw end."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))

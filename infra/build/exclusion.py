"""One build at a time in a checkout."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def alone(build_dir: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Hold the checkout's build lock; it goes with the process, however that ends."""
    build_dir.mkdir(parents=True, exist_ok=True)
    with (build_dir / "lock").open("w") as lock:
        if not _taken_at_once(lock):
            report("waiting for another build of this checkout")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _taken_at_once(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

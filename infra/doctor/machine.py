"""What this machine has to offer: Python, git, room, Docker."""

import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from infra.doctor.findings import Finding, fail, ok, warn
from infra.local.errors import Trouble

OLDEST, NEWEST = (3, 11), (3, 14)
"""What Lambent runs on, and the newest Python that Lambda has a runtime of."""
NEEDED = ("venv", "ensurepip")
ROOM, TIGHT = 0.7e9, 2.5e9
"""Bytes: of the two environments alone, and of everything that a first `up` makes."""


def python(
    version: tuple[int, ...] = sys.version_info[:3], has: Callable[[str], object] = find_spec
) -> Finding:
    """New enough, and able to make the emulator's environment."""
    told = ".".join(map(str, version))
    if version[:2] < OLDEST:
        return fail(
            f"{told} in .venv, and Lambent needs 3.11 or newer",
            "rm -rf .venv, then PYTHON=/path/to/a/newer/python3 ./run.sh up",
        )
    if missing := [name for name in NEEDED if not has(name)]:
        return fail(
            f"{told} without {' and '.join(missing)}, which make the emulator's environment",
            "Install it (Debian: apt install python3-venv).",
        )
    if version[:2] > NEWEST:
        return warn(
            f"{told}, newer than any runtime of AWS Lambda; here it does not matter",
            "rm -rf .venv, then PYTHON=/path/to/python3.13 ./run.sh up",
        )
    return ok(f"{told} with venv")


def git(which: Callable[[str], str | None] = shutil.which) -> Finding:
    """Needed to fetch and to commit, not to run."""
    if found := which("git"):
        return ok(found)
    return warn("no git on PATH", "Install it (Debian: apt install git).")


def room(folder: Path, free: int) -> Finding:
    """For environments, bundles and state."""
    told = f"{free / 1e9:.1f} GB free below {folder}"
    if free < ROOM:
        return fail(told, "Make room: a first `up` takes 1.2 GB.")
    return warn(told, "A first `up` takes 1.2 GB; make room.") if free < TIGHT else ok(told)


def docker(require: Callable[[], None]) -> Finding:
    """Only for LocalStack."""
    try:
        require()
    except Trouble as trouble:
        return ok(f"not usable ({_reason(trouble)}); only up --target localstack needs it")
    return ok("an engine answers, for up --target localstack")


def _reason(trouble: Trouble) -> str:
    return trouble.what.rpartition(": ")[2].rstrip(".")

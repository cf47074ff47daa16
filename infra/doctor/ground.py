"""What `up` stands on while nothing is deployed yet: ports, and the emulator's state."""

import os
from collections.abc import Callable
from pathlib import Path

from infra.doctor.findings import Finding, fail, ok, warn
from infra.emulator.errors import PortTaken
from infra.emulator.ports import require_free
from infra.emulator.process import Status
from infra.workspace import Workspace

OWNER_ONLY = 0o600


def ports(
    workspace: Workspace,
    status: Status | None,
    require: Callable[[int, str], None] = require_free,
) -> Finding:
    """Free, or this folder's own."""
    wanted = {"EMULATOR_PORT": workspace.emulator_port, "PORT": workspace.port}
    both = f"{workspace.port} and {workspace.emulator_port}"
    if status:
        is_there = [status.emulator_port, status.port] == [*wanted.values()]
        return _own(status, both, is_there=is_there)
    try:
        for variable, port in wanted.items():
            require(port, variable)
    except PortTaken as taken:
        return fail(
            f"{taken.port} is taken by {taken.holder or 'another program'}",
            f"Stop that one (a Lambent: ./run.sh down in its folder), or choose another port: "
            f"{taken.variable}={taken.port + 1} ./run.sh up",
        )
    return ok(f"{both} of 127.0.0.1 are free")


def _own(status: Status, asked: str, *, is_there: bool) -> Finding:
    if is_there:
        return ok(f"{asked} are this folder's own, process {status.pid}")
    return fail(
        f"{asked} are asked for, and Lambent runs on {status.port} and {status.emulator_port}",
        f"Use it there (PORT={status.port} EMULATOR_PORT={status.emulator_port}), "
        "or stop it first: ./run.sh down",
    )


def state(
    saved_by: str | None, pinned: str, *, is_running: bool, set_aside: Callable[[], object]
) -> Finding:
    """Saved by the version that will read it."""
    if saved_by is None:
        return ok(f"no state of another version than ministack {pinned} is known")
    if saved_by == pinned:
        return ok(f"begun or saved by ministack {pinned}, the pinned one")
    told = f"begun or saved by ministack {saved_by}, and {pinned} is pinned: it may misread it"
    if is_running:
        return warn(told, "./run.sh down saves it anew, as the running version writes it.")
    return fail(
        told,
        "./run.sh doctor --fix moves it aside, where nothing is lost, and `up` begins anew; "
        "./run.sh down --wipe forgets it.",
        set_aside,
    )


def aside(data: Path, saved_by: str) -> None:
    """Move the emulator's folder out of the way, under a name that tells whose it is."""
    number, place = 1, data.with_name(f"{data.name}-{saved_by}")
    while place.exists():
        number, place = number + 1, data.with_name(f"{data.name}-{saved_by}-{number + 1}")
    data.rename(place)


def credentials(file: Path, emails: Callable[[], object], *, is_up: bool) -> Finding:
    """There once something is seeded, readable, and nobody else's to read."""
    if not file.exists():
        if is_up:
            return fail(
                f"{file.name} is gone, and a stored password cannot be read back",
                "Put it back, or forget all local data: ./run.sh down --wipe, then ./run.sh up",
            )
        return ok(f"{file.name} is made by the first `up`")
    emails()
    mode = file.stat().st_mode & 0o777
    if mode != OWNER_ONLY:
        cure = f"chmod 600 {file}"
        return warn(f"{file.name} may be read by others", cure, lambda: os.chmod(file, OWNER_ONLY))
    return ok(f"{file.name} can be read, by its owner only")

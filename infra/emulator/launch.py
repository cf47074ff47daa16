"""How the emulator's process begins: its folders, its command, its record."""

import os
import shutil
import subprocess
from pathlib import Path

from infra.emulator.environment import Folders, environment
from infra.emulator.errors import EmulatorError
from infra.emulator.installation import Installation
from infra.emulator.origin import Origin
from infra.emulator.route import Route
from infra.emulator.running import Record
from infra.workspace import Workspace

CODE = Path(__file__).resolve().parents[2]


def launch(
    workspace: Workspace, folders: Folders, installation: Installation, concurrency: int
) -> subprocess.Popen[bytes]:
    """A process in a session of its own, which the end of this one does not touch."""
    _prepare(folders)
    with folders.log.open("ab") as log:
        child = subprocess.Popen(
            _command(workspace, folders, installation, concurrency),
            cwd=CODE,
            env=environment(workspace, folders),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    Record(child.pid, workspace.port, workspace.emulator_port).write(folders.pid_file)
    return child


def asked_concurrency() -> int:
    """How many API requests may run at once: API_CONCURRENCY, 3 unless set."""
    asked = os.environ.get("API_CONCURRENCY", "3")
    if not asked.isdecimal() or int(asked) < 1:
        raise EmulatorError(f"API_CONCURRENCY is {asked!r}; it must be a whole number above 0.")
    return int(asked)


def _prepare(folders: Folders) -> None:
    shutil.rmtree(folders.scratch, ignore_errors=True)
    for folder in (folders.scratch, folders.home, folders.state):
        folder.mkdir(parents=True, exist_ok=True)
    if not any(folders.state.iterdir()):  # the last one died before it ever saved: no API is left
        Route(folders.route).forget()
        Origin(folders).write()


def _command(
    workspace: Workspace, folders: Folders, installation: Installation, concurrency: int
) -> list[str]:
    return [
        *(str(installation.python), "-m", "infra.emulator.server"),
        *("--port", str(workspace.port)),
        *("--emulator-port", str(workspace.emulator_port)),
        *("--concurrency", str(concurrency)),
        *("--functions-python", str(installation.functions_python)),
        *("--route-file", str(folders.route)),
        *("--pid-file", str(folders.pid_file)),
    ]

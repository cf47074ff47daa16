"""A checkout of its own for a test that changes one."""

import shutil
import subprocess
from pathlib import Path

from infra.emulator.process import Emulator
from infra.workspace import ROOT, Workspace
from tests.emulators import workspace_in

SHARED = (".venv", ".venv-emulator", ".build/dependencies")
"""Made once for a machine; a newcomer's first `up` would make them, in a minute or two."""


def clone(folder: Path) -> Workspace:
    """This checkout as it is now, committed or not, in another folder."""
    ours = workspace_in(folder)
    Emulator(ours).install(print)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # one that was deleted is listed until that is committed
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name in SHARED:
        (ROOT / name).mkdir(parents=True, exist_ok=True)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(ROOT / name)
    place = (folder, folder / ".build", folder / ".local")
    return Workspace(*place, ours.port, ours.emulator_port)

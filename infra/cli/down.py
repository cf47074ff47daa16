"""`down`: stop, and on demand forget."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.emulator.process import Emulator
    from infra.workspace import Workspace

Wipe = Annotated[bool, typer.Option("--wipe", help="Also forget all local data.")]


def down(wipe: Wipe = False) -> None:
    """Stop the emulator; what it holds is kept."""
    from infra.emulator.process import Emulator, Stopped

    workspace = place.here()
    emulator = Emulator(workspace)
    with console.step("Emulator") as step:
        stopped = emulator.stop()
        step.result = stopped.value
    if wipe:
        _forget(emulator, workspace)
    if stopped is Stopped.KILLED and not wipe:
        raise typer.Exit(1)


def _forget(emulator: "Emulator", workspace: "Workspace") -> None:
    from infra.emulator.environment import Folders
    from infra.local.credentials import CredentialsFile

    folders = Folders(workspace.local_dir)
    file = CredentialsFile.below(workspace.local_dir)
    there = [path for path in (folders.data, folders.log, file.path) if path.exists()]
    with console.step("Local data") as step:
        emulator.wipe()
        file.forget()
        names = [place.shown(path, workspace) for path in there]
        step.result = f"removed {', '.join(names)}" if names else "there was none"

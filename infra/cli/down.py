"""`down`: stop, and on demand forget."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.emulator.process import Emulator
    from infra.workspace import Workspace

Wipe = Annotated[bool, typer.Option("--wipe", help="Also forget all local data.")]


def down(wipe: Wipe = False) -> None:
    """Stop what runs; the embedded emulator keeps what it holds, LocalStack does not."""
    from infra.emulator.process import Emulator, Stopped

    workspace = place.asked()
    emulator, stopped = Emulator(workspace), Stopped.NOT_RUNNING
    has_left = _leave_localstack(workspace, wipe)
    if emulator.is_running() or not has_left:
        with console.step("Emulator") as step:
            stopped = emulator.stop()
            step.result = stopped.value
    if wipe:
        _forget(emulator, workspace)
    if stopped is Stopped.KILLED and not wipe:
        raise typer.Exit(1)


def _leave_localstack(workspace: "Workspace", wipe: bool) -> bool:
    """Whether this folder was on one."""
    from infra.localstack.memory import MemoryFile

    memory = MemoryFile(workspace.local_dir).read()
    if memory is None or not (memory.up or wipe):
        return False
    from infra.localstack.choice import leave

    with console.step("LocalStack") as step:
        step.result = leave(workspace, memory, wipe=wipe)
    return True


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

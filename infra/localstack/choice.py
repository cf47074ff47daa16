"""Onto which LocalStack a folder's Lambent goes, and how it leaves it."""

import os

from infra.emulator.errors import RunsElsewhere
from infra.emulator.process import Emulator
from infra.localstack.errors import OneAtATime
from infra.localstack.ground import ground_at
from infra.localstack.identity import address
from infra.localstack.memory import Memory, MemoryFile
from infra.localstack.pinned import VARIABLE
from infra.localstack.workspace import OnLocalStack
from infra.workspace import Workspace


def place_for(workspace: Workspace, on: OnLocalStack | None) -> OnLocalStack:
    """Where it is up, or else where the environment says."""
    if Emulator(workspace).is_running():
        raise OneAtATime("the embedded emulator", "LocalStack")
    named = os.environ.get(VARIABLE)
    found_at = address(named) if named else on.found_at if on else None
    if on is None:
        return Memory(found_at, workspace.port, workspace.emulator_port).place(workspace)
    if on.found_at != found_at:
        raise OneAtATime(f"the LocalStack at {on.endpoint}", str(found_at))
    if on.found_at is None and not _are_ports_of(on, workspace):
        raise RunsElsewhere(on.port, on.emulator_port)
    return on


def leave(workspace: Workspace, memory: Memory, *, wipe: bool) -> str:
    """Take this folder off its LocalStack; what that did."""
    file, ground = MemoryFile(workspace.local_dir), ground_at(memory.place(workspace))
    if not wipe:
        done = ground.stop()
        file.write(memory.stopped())
        return done
    done = ground.wipe() if memory.up or memory.found_at else "was stopped and holds nothing"
    file.forget()
    return done


def _are_ports_of(on: OnLocalStack, workspace: Workspace) -> bool:
    return (on.port, on.emulator_port) == (workspace.port, workspace.emulator_port)

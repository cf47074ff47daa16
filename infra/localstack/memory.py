"""Which LocalStack a folder's Lambent is on: one small file, so that every verb finds it."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from infra.localstack.workspace import OnLocalStack
from infra.workspace import Workspace


@dataclass(frozen=True)
class Memory:
    """Written by `up`; `down` leaves it with `up` false, so that `down --wipe` knows the way."""

    found_at: str | None
    port: int
    emulator_port: int
    rest_api_id: str | None = None
    up: bool = True

    @classmethod
    def of(cls, workspace: OnLocalStack) -> "Memory":
        """What is to be remembered of a workspace that is up."""
        return cls(
            workspace.found_at, workspace.port, workspace.emulator_port, workspace.rest_api_id
        )

    def place(self, workspace: Workspace) -> OnLocalStack:
        """The same folder, on this LocalStack."""
        given = {each.name: getattr(workspace, each.name) for each in fields(Workspace)}
        kept = {name: value for name, value in asdict(self).items() if name != "up"}
        return OnLocalStack(**{**given, **kept})

    def stopped(self) -> "Memory":
        """The same, after `down`."""
        return replace(self, up=False)


class MemoryFile:
    """`.local/localstack.json`."""

    def __init__(self, local_dir: Path) -> None:
        self.path = local_dir / "localstack.json"

    def read(self) -> Memory | None:
        """None where Lambent never was on LocalStack; what cannot be read is none, too."""
        try:
            return Memory(**json.loads(self.path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, memory: Memory) -> None:
        """Whole at every instant."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(memory), indent=2) + "\n", encoding="utf-8")
        draft.replace(self.path)

    def forget(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)


def place_of(workspace: Workspace) -> OnLocalStack | None:
    """Where on LocalStack this folder's Lambent is up; None if it is not there."""
    memory = MemoryFile(workspace.local_dir).read()
    return memory.place(workspace) if memory and memory.up else None

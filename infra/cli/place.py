"""Which checkout and which ports a verb works on."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.workspace import Workspace

if TYPE_CHECKING:
    from infra.local.ground import Ground

PORTS = ("PORT", "EMULATOR_PORT")


class Local(StrEnum):
    """What plays AWS on this machine."""

    EMBEDDED = "embedded"
    LOCALSTACK = "localstack"


Target = Annotated[
    Local | None,
    typer.Option("--target", help="What plays AWS; LOCALSTACK_ENDPOINT names one that runs."),
]


def asked() -> Workspace:
    """This checkout, on the ports that the environment asks for."""
    for name in PORTS:
        _require_port(name, os.environ.get(name, "8000"))
    workspace = Workspace.of_checkout()
    if workspace.port == workspace.emulator_port:
        raise typer.BadParameter(f"PORT and EMULATOR_PORT are both {workspace.port}; choose two.")
    return workspace


def here() -> Workspace:
    """This checkout, on the ports where it runs if it runs."""
    from infra.local.deployment import followed

    return followed(asked())


def wanted() -> Workspace:
    """What `up` is to make: the ports asked for, or those where it runs if none are."""
    return asked() if any(os.environ.get(name) for name in PORTS) else here()


def ground(target: Local | None) -> "Ground":
    """What `up` is to stand on: what is asked for, or else what this folder is up on."""
    from infra.local.ground import Embedded
    from infra.localstack.choice import place_for
    from infra.localstack.errors import OneAtATime
    from infra.localstack.ground import ground_at
    from infra.localstack.memory import place_of

    workspace = wanted()
    on = place_of(workspace)
    if target is Local.LOCALSTACK or (target is None and on):
        return ground_at(place_for(workspace, on))
    if on:
        raise OneAtATime(f"the LocalStack at {on.endpoint}", "the embedded emulator")
    return Embedded(workspace)


def shown(path: Path, workspace: Workspace) -> str:
    """The path as it is typed in the checkout."""
    is_inside = path.is_relative_to(workspace.root)
    return str(path.relative_to(workspace.root) if is_inside else path)


def _require_port(name: str, text: str) -> None:
    is_number = text.isascii() and text.isdecimal()
    if not is_number or not 0 < int(text) < 65536:
        raise typer.BadParameter(f"{name} is {text!r}; it must be a port, 1 to 65535.")

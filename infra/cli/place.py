"""Which checkout and which ports a verb works on."""

import os
from pathlib import Path

import typer

from infra.workspace import Workspace

PORTS = ("PORT", "EMULATOR_PORT")


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


def shown(path: Path, workspace: Workspace) -> str:
    """The path as it is typed in the checkout."""
    is_inside = path.is_relative_to(workspace.root)
    return str(path.relative_to(workspace.root) if is_inside else path)


def _require_port(name: str, text: str) -> None:
    is_number = text.isascii() and text.isdecimal()
    if not is_number or not 0 < int(text) < 65536:
        raise typer.BadParameter(f"{name} is {text!r}; it must be a port, 1 to 65535.")

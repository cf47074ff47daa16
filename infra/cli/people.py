"""The application's use cases, and the people in them, for the verbs that need them."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import place
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.api.composition import Services
    from chalicelib.domain.accounts.callers import Origin
    from chalicelib.domain.accounts.users import User

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The user's address.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def services() -> "Services":
    """The use cases on what is deployed here; NotUp otherwise."""
    from infra.deploy import Cloud
    from infra.local.deployment import core, deployed, running

    workspace = running(place.here())
    cloud = Cloud.local(workspace.endpoint)
    return core(workspace, cloud, deployed(cloud, workspace.stack)).services


def by_cli() -> "Origin":
    """Who acts where a person at the command line does."""
    from chalicelib.domain.accounts.callers import Origin

    return Origin(actor="cli")


def find_user(services: "Services", email: str) -> "User":
    """The user of this address; Trouble otherwise."""
    if user := services.users.by_email(email):
        return user
    raise Trouble(
        f"There is no user {email}.",
        "Nobody registered with that address here.",
        "./run.sh users ls tells all; ./run.sh users add makes one.",
    )


def read_password(is_asked: bool) -> str:
    """The password on standard input, without its line end; typed unseen on a terminal."""
    if not is_asked:
        raise typer.BadParameter("A password is read from standard input only: --password-stdin")
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, err=True))
    try:
        password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        password = ""
    if password:
        return password
    raise Trouble(
        "No password was read.",
        "The first line of standard input is empty, or not UTF-8 text.",
        "Send it like this: printf '%s' \"$PASSWORD\" | ./run.sh VERB EMAIL --password-stdin",
    )

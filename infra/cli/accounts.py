"""`users` and `token`: who may come in."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place
from infra.cli.people import Email, PasswordStdin, read_password, services
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.domain.users import User

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Superuser = Annotated[bool, typer.Option("--superuser", help="May administer everything.")]
Verified = Annotated[bool, typer.Option("--verified", help="The address counts as proven.")]
COLUMNS = ("id", "email", "is_active", "is_superuser", "is_verified")


def add(
    email: Email,
    superuser: Superuser = False,
    verified: Verified = False,
    password_stdin: PasswordStdin = False,
    as_json: Json = False,
) -> None:
    """Make a user."""
    password = read_password(password_stdin)
    user = _register(_address(email), password, superuser=superuser, verified=verified)
    if as_json:
        console.as_json(_facts(user))
    else:
        console.line(f"added {user.email} {user.id}")


def ls(as_json: Json = False) -> None:
    """All users, by address."""
    users = [_facts(user) for user in services().users.all()]
    if as_json:
        console.as_json(users)
    else:
        heads = ("Id", "E-mail", "Active", "Superuser", "Verified")
        console.table(heads, [tuple(user.values()) for user in users])


def token(email: Email, password_stdin: PasswordStdin = False) -> None:
    """Print an access token, and nothing else."""
    from infra.cli.api import Api, Refused
    from infra.local.deployment import running

    password = read_password(password_stdin)
    try:
        console.line(Api(running(place.here()).public_url).sign_in(email, password))
    except Refused as refused:
        if refused.status == 400:
            raise _not_let_in(email) from None
        raise


def _register(email: str, password: str, *, superuser: bool, verified: bool) -> "User":
    core = services()
    from chalicelib.errors import EmailTaken, WeakPassword

    try:
        return core.accounts.register(email, password, is_superuser=superuser, is_verified=verified)
    except WeakPassword as weak:
        cure = "Choose another password."
        raise Trouble(f"{email} was not added.", f"{weak.reason}.", cure) from None
    except EmailTaken:
        why = "There is a user with that address already."
        cure = "./run.sh users ls tells who there is."
        raise Trouble(f"{email} was not added.", why, cure) from None


def _address(text: str) -> str:
    from chalicelib.domain.users import email_address

    try:
        return email_address(text)
    except ValueError as error:
        raise typer.BadParameter(f"EMAIL {text!r} is no address: {error}") from None


def _facts(user: "User") -> dict[str, object]:
    return {name: getattr(user, name) for name in COLUMNS}


def _not_let_in(email: str) -> Trouble:
    return Trouble(
        f"{email} was not let in.",
        "The address is unknown, the password is not its own, or the user is inactive.",
        "./run.sh users ls tells who there is; seeded passwords are in .local/credentials.json",
    )

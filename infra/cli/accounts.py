"""`users` and `token`: who may come in."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place
from infra.cli.people import Email, PasswordStdin, by_cli, find_user, read_password, services
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.domain.accounts.users import User, Wish

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


def promote(email: Email) -> None:
    """Let a user administer everything."""
    from chalicelib.domain.accounts.users import Wish

    console.line(f"{_change(email, Wish(is_superuser=True)).email} is a superuser")


def deactivate(email: Email) -> None:
    """End a user's sessions and keys, and let nobody in as him any more."""
    from chalicelib.domain.accounts.users import Wish

    console.line(f"{_change(email, Wish(is_active=False)).email} is not active any more")


def token(email: Email, password_stdin: PasswordStdin = False) -> None:
    """Print an access token, and nothing else."""
    from infra.cli.api import Api, Refused
    from infra.local.deployment import running

    password = read_password(password_stdin)
    api = Api(running(place.here()).public_url)
    try:
        api.sign_in(email, password)
    except Refused as refused:
        if refused.status == 400:
            raise _not_let_in(email) from None
        raise
    console.line(str(api.token))


def _register(email: str, password: str, *, superuser: bool, verified: bool) -> "User":
    core = services()
    from chalicelib.errors import EmailTaken, WeakPassword

    try:
        return core.registration.register(
            email, password, by_cli(), is_superuser=superuser, is_verified=verified
        )
    except WeakPassword as weak:
        cure = "Choose another password."
        raise Trouble(f"{email} was not added.", f"{weak.reason}.", cure) from None
    except EmailTaken:
        why = "There is a user with that address already."
        cure = "./run.sh users ls tells who there is."
        raise Trouble(f"{email} was not added.", why, cure) from None


def _change(email: str, wish: "Wish") -> "User":
    core = services()
    from chalicelib.errors import LastSuperuser

    user = find_user(core, email)
    try:
        return core.profiles.change(user.id, wish, by_cli())
    except LastSuperuser:
        raise Trouble(
            f"{user.email} stays as it is.",
            "It is the last active superuser, and without one nobody could administer anything.",
            "Make another first: ./run.sh users promote EMAIL",
        ) from None


def _address(text: str) -> str:
    from chalicelib.domain.accounts.emails import email_address

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

"""`api-keys`: the keys that a user's programs come in with."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console
from infra.cli.people import Email, by_cli, find_user, services
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.domain.accounts.api_keys import ApiKey

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeyId = Annotated[str | None, typer.Argument(metavar="KEY_ID", help="One of them; all without it.")]


def ls(email: Email, as_json: Json = False) -> None:
    """A user's keys; what they consist of is nowhere."""
    core = services()
    keys = [_facts(key) for key in core.api_keys.of(find_user(core, email).id)]
    if as_json:
        console.as_json(keys)
    else:
        heads = ("Id", "Name", "Scopes", "Created", "Expires", "Last used")
        console.table(heads, [tuple(key.values()) for key in keys])


def revoke(email: Email, key_id: KeyId = None) -> None:
    """End one key of a user, or all of them, from the next request on."""
    core = services()
    from chalicelib.errors import NotFound

    user = find_user(core, email)
    ending = [key_id] if key_id else [key.id for key in core.api_keys.of(user.id)]
    for each in ending:
        try:
            core.api_keys.revoke(user.id, each, by_cli())
        except NotFound:
            raise _no_such_key(user.email, each) from None
        console.line(f"revoked {each} of {user.email}")
    if not ending:
        console.line(f"{user.email} has no API key")


def _facts(key: "ApiKey") -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": _instant(key.created_at),
        "expires_at": _instant(key.expires_at),
        "last_used_at": _instant(key.last_used_at),
    }


def _instant(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _no_such_key(email: str, key_id: str) -> Trouble:
    return Trouble(
        f"{email} has no API key {key_id}.",
        "It was revoked, has expired, or is somebody else's.",
        f"./run.sh api-keys ls {email} tells all.",
    )

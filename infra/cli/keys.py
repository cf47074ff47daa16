"""`keys`: what signs access tokens."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from infra.local.signing import Held, Signing

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Kid = Annotated[str, typer.Argument(metavar="KID", help="The key's name: ./run.sh keys ls")]
EVERY = 5.0  # seconds between two lines while rotation waits


def ls(as_json: Json = False) -> None:
    """The names of all keys: the next one, the one that signs, those that still verify."""
    keys = _signing().read().keys()
    if as_json:
        console.as_json([asdict(key) for key in keys])
    else:
        console.table(("Kid", "Role"), [(key.kid, key.role) for key in keys])


def rotate() -> None:
    """Let the next key sign from now on; the current one still verifies.

    No request fails: a next key that is younger than a minute is waited for until all know it.
    """
    from chalicelib.domain.accounts.signing_keys import CURRENT, kid, rotated

    signing = _signing()
    if signing.prepare():
        console.line("wrote a next key: there was none")
    members = rotated(_settled(signing).members)
    signing.write(members)
    console.line(f"{kid(members[CURRENT])} signs from now on")


def revoke(name: Kid) -> None:
    """Let a key verify nothing any more; in place of the current one the next one signs."""
    from chalicelib.domain.accounts.signing_keys import CURRENT, UnknownKey, kid, revoked

    signing = _signing()
    try:
        members = revoked(signing.read().members, name)
    except UnknownKey:
        raise _no_such_key(name) from None
    signing.write(members)
    console.line(f"revoked {name}: its tokens end within a minute")
    console.line(f"{kid(members[CURRENT])} signs from now on")


def _signing() -> "Signing":
    from infra.deploy import Cloud
    from infra.local.deployment import deployed, running
    from infra.local.signing import Signing

    workspace = running(place.here())
    cloud = Cloud.local(workspace.endpoint)
    return Signing.of(cloud, deployed(cloud, workspace.stack))


def _settled(signing: "Signing") -> "Held":
    """What the secret holds, once every process has had the time to read it."""
    with console.progress() as report:
        while left := (held := signing.read()).unsettled(datetime.now(UTC)):
            report(f"waiting {left:.0f} s until every process knows the next key")
            time.sleep(min(left, EVERY))
    return held


def _no_such_key(name: str) -> Trouble:
    return Trouble(
        f"There is no key {name}.",
        "It was revoked or rotated out, or never was a key of this stack.",
        "./run.sh keys ls tells all.",
    )

"""Which secrets sign access tokens: the next, the current, and those that still verify.

A key is in the secret for a while as `next` before it signs, so that every process knows it.
"""

import hashlib
import secrets
import string
from collections.abc import Mapping

NEXT = "next"
CURRENT = "current"
PREVIOUS = ("previous", "previous-2", "previous-3", "previous-4")
"""Newest first; a key older than these verifies nothing any more."""
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 64


class UnknownKey(LookupError):
    """No key of the secret has this name."""

    def __init__(self, kid: str) -> None:
        super().__init__(kid)
        self.kid = kid


def kid(secret: str) -> str:
    """The name of the key that is derived from a secret; tells nothing about it."""
    return hashlib.sha256(b"kid:" + secret.encode()).hexdigest()[:16]


def fresh() -> str:
    """A secret that never was before, like those that CloudFormation generates."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def with_next(members: Mapping[str, str]) -> dict[str, str]:
    """The same secrets, and a next one if there was none."""
    return dict(members) if NEXT in members else {**members, NEXT: fresh()}


def rotated(members: Mapping[str, str]) -> dict[str, str]:
    """The next one signs from now on, there is a new next one, and the current one still verifies.

    The oldest goes when there are more than have a name.
    """
    held = with_next(members)
    still = [held[role] for role in (CURRENT, *PREVIOUS) if role in held]
    return {NEXT: fresh(), CURRENT: held[NEXT], **dict(zip(PREVIOUS, still, strict=False))}


def revoked(members: Mapping[str, str], name: str) -> dict[str, str]:
    """The secrets without the one whose key has this name; UnknownKey if there is none.

    In place of the current one the next one signs, and there always is a next one.
    """
    left = {role: secret for role, secret in members.items() if kid(secret) != name}
    if len(left) == len(members):
        raise UnknownKey(name)
    if CURRENT not in left:
        left[CURRENT] = left.pop(NEXT, "") or fresh()
    return with_next(left)

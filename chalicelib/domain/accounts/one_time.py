"""Tokens that are mailed and work once: to reset a password, to prove an address."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import base32hex

LONGEST = 256
"""Characters; anything longer is not looked up."""


class Purpose(StrEnum):
    """What a token is for."""

    RESET = "reset"
    VERIFY = "verify"


@dataclass(frozen=True)
class OneTimeToken:
    """As it is stored; bound to the address it was mailed to and the sessions of that time."""

    digest: str
    purpose: Purpose
    user_id: str
    email: str
    session_version: int
    expires_at: int
    is_used: bool = False

    def is_for(self, user: User | None, now: int) -> bool:
        """Whether it still speaks for this user: active, and neither mail nor password moved on."""
        if user is None or not user.is_active or now >= self.expires_at:
            return False
        is_old = self.purpose is Purpose.RESET and self.session_version != user.session_version
        return user.id == self.user_id and user.email == self.email and not is_old


def issued(user: User, purpose: Purpose, now: int, seconds: int) -> tuple[OneTimeToken, str]:
    """A token for this user, and the text that is mailed."""
    text = base32hex(secrets.token_bytes(32))
    version, expires_at = user.session_version, now + seconds * 1000
    return OneTimeToken(digest_of(text), purpose, user.id, user.email, version, expires_at), text


def digest_of(text: str) -> str:
    """What is stored of a token."""
    return sha256(text.encode()).hexdigest()

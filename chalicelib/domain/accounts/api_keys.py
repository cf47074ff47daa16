"""API keys: long-lived, of few rights, in place of an access token."""

import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from zlib import crc32

from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import base32hex, owned_id, owner_of

PREFIX = "lk_"
SECRET = 40
"""Characters of a key's secret: 25 bytes."""
CHECKSUM = 7
"""Characters of the checksum (CRC-32): it tells a mistyped key without asking a table."""
NOTED_EVERY = 60_000
"""How often, at most, the last use of a key is written (ms)."""


class Scope(StrEnum):
    """What a key may be used for."""

    PREDICTIONS_READ = "predictions:read"
    PREDICTIONS_WRITE = "predictions:write"
    MODELS_READ = "models:read"


@dataclass(frozen=True)
class KeyClaims:
    """What a well-formed key says about its bearer, to be held against what is stored."""

    user_id: str
    key_id: str
    digest: str = field(repr=False)


@dataclass(frozen=True)
class ApiKey:
    """A key as it is stored: its digest, never itself; instants in ms since the epoch."""

    id: str
    user_id: str
    version: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: int
    expires_at: int
    digest: str = field(repr=False)
    last_used_at: int | None = None

    def is_proven_by(self, claims: KeyClaims) -> bool:
        """Whether the bearer has this key."""
        return self.id == claims.key_id and hmac.compare_digest(self.digest, claims.digest)

    def is_live(self, user: User, now: int) -> bool:
        """Whether it is this user's, was not ended with all others, and has time left."""
        mine = self.user_id == user.id and self.version == user.session_version
        return mine and self.expires_at > now

    def is_use_to_note(self, now: int) -> bool:
        """Whether its last use was noted too long ago."""
        return self.last_used_at is None or now - self.last_used_at >= NOTED_EVERY


def minted(
    user: User, name: str, scopes: tuple[Scope, ...], now: int, seconds: int
) -> tuple[ApiKey, str]:
    """A new key of this user, and the text that is shown once."""
    id = owned_id(user.id, now)
    body = f"{id}_{base32hex(secrets.token_bytes(25))}"
    text = f"{PREFIX}{body}{_checksum(body)}"
    version = user.session_version
    expires_at = now + seconds * 1000
    return ApiKey(id, user.id, version, name, scopes, now, expires_at, _digest(text)), text


def parse(text: str) -> KeyClaims | None:
    """What a key says; None for a text that never was one."""
    id, _, secret = text.removeprefix(PREFIX).partition("_")
    body = f"{id}_{secret[:SECRET]}"
    if not text.isascii() or len(secret) != SECRET + CHECKSUM:
        return None
    if text != f"{PREFIX}{body}{_checksum(body)}":
        return None
    owner = owner_of(id)
    return KeyClaims(owner, id, _digest(text)) if owner else None


def _checksum(body: str) -> str:
    return base32hex(crc32(body.encode()).to_bytes(4, "big"))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()

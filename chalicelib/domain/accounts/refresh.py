"""Refresh tokens, and how they follow one another: one living chain a session (RFC 9700, 4.14)."""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from hashlib import sha256
from uuid import UUID

from chalicelib.domain.ids import OWNED, base32hex, unbase32hex

REPEATABLE = 10_000
"""How long (ms) the answer to a refresh is given again to who did not get it."""
PREFIX = "rt_"
SECRET = 84
"""Characters of a token's secret part: 16 + 4 + 32 bytes."""


@dataclass(frozen=True)
class RefreshToken:
    """`rt_<session>_<secret>`; the family part is shared by all tokens of a session."""

    session_id: str
    family: bytes = field(repr=False)
    generation: int
    value: bytes = field(repr=False)

    @classmethod
    def first(cls, session_id: str) -> "RefreshToken":
        """The one that a sign-in gets."""
        return cls(session_id, secrets.token_bytes(16), 0, secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> "RefreshToken | None":
        """The token that a text is; None for anything else."""
        session_id, _, secret = text.removeprefix(PREFIX).partition("_")
        raw = unbase32hex(secret) if len(secret) == SECRET else None
        if not text.startswith(PREFIX) or len(session_id) != OWNED or raw is None:
            return None
        return cls(session_id, raw[:16], int.from_bytes(raw[16:20], "big"), raw[20:])

    def following(self, nonce: str) -> "RefreshToken":
        """The next one: who has this one and the stored nonce, and nobody else, can make it."""
        value = hmac.digest(self.value, nonce.encode(), "sha256")
        return replace(self, generation=self.generation + 1, value=value)

    @property
    def digest(self) -> str:
        """What is stored of it."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def family_digest(self) -> str:
        """What is stored of its family."""
        return sha256(self.family).hexdigest()

    @property
    def text(self) -> str:
        """The token itself."""
        raw = self.family + self.generation.to_bytes(4, "big") + self.value
        return f"{PREFIX}{self.session_id}_{base32hex(raw)}"


class Standing(Enum):
    """What a refresh token is to a session."""

    CURRENT = auto()
    REPEATED = auto()
    """It was exchanged a moment ago: the same answer is given again."""
    REUSED = auto()
    """It was exchanged before: two hold what one was given."""
    FOREIGN = auto()
    """It never was one of this session's."""


@dataclass(frozen=True)
class Chain:
    """What is stored of a session's refresh tokens: digests, and how the last one was made."""

    family: str = ""
    digest: str = ""
    previous: str = ""
    nonce: str = ""
    rotated_at: int = 0

    @property
    def answer_id(self) -> str:
        """The id of the access token that belongs to it: public, so it must not tell the nonce."""
        return str(UUID(bytes=sha256(self.nonce.encode()).digest()[:16]))

    def standing(self, token: RefreshToken, now: int) -> Standing:
        """What a token is to the session."""
        if not hmac.compare_digest(self.family, token.family_digest):
            return Standing.FOREIGN
        if hmac.compare_digest(self.digest, token.digest):
            return Standing.CURRENT
        is_last = hmac.compare_digest(self.previous, token.digest)
        is_fresh = now - self.rotated_at <= REPEATABLE
        return Standing.REPEATED if is_last and is_fresh else Standing.REUSED

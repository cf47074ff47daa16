"""Sign-ins that last, what their tokens say, and how refresh tokens follow one another."""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from hashlib import sha256
from uuid import UUID

from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import OWNED, base32hex, owned_id, unbase32hex

REPEATABLE = 10_000
"""How long (ms) the answer to a refresh is given again to who did not get it."""
PREFIX = "rt_"
SECRET = 84
"""Characters of a refresh token's secret part: 16 + 4 + 32 bytes."""


@dataclass(frozen=True)
class Claims:
    """What a verified access token says about its bearer."""

    user_id: str
    session_id: str
    session_version: int


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
class Session:
    """A sign-in that lives until it is ended or expires; instants in ms since the epoch."""

    id: str
    user_id: str
    version: int
    created_at: int
    expires_at: int
    source_ip: str = ""
    user_agent: str = ""
    last_used_at: int = 0
    chain: Chain = field(default=Chain(), repr=False)

    def is_proven_by(self, claims: Claims) -> bool:
        """Whether these claims are of this session, as it is."""
        return self.id == claims.session_id and self.version == claims.session_version

    def is_live(self, user: User, now: int) -> bool:
        """Whether it is this user's, was not ended with all others, and has time left."""
        mine = self.user_id == user.id and self.version == user.session_version
        return mine and self.expires_at > now

    def standing(self, token: RefreshToken, now: int) -> Standing:
        """What a refresh token is to it."""
        if not hmac.compare_digest(self.chain.family, token.family_digest):
            return Standing.FOREIGN
        if hmac.compare_digest(self.chain.digest, token.digest):
            return Standing.CURRENT
        is_last = hmac.compare_digest(self.chain.previous, token.digest)
        is_fresh = now - self.chain.rotated_at <= REPEATABLE
        return Standing.REPEATED if is_last and is_fresh else Standing.REUSED


@dataclass(frozen=True)
class Lifetimes:
    """Of a session in seconds: at most, and without being used."""

    longest: int
    idle: int

    def end(self, created_at: int, used_at: int) -> int:
        """When a session ends unless it is used again."""
        return min(created_at + self.longest * 1000, used_at + self.idle * 1000)


def opened(
    user: User, now: int, lifetimes: Lifetimes, source_ip: str, user_agent: str
) -> tuple[Session, RefreshToken]:
    """A new session and its first refresh token."""
    token = RefreshToken.first(owned_id(user.id, now))
    session = Session(
        id=token.session_id,
        user_id=user.id,
        version=user.session_version,
        created_at=now,
        expires_at=lifetimes.end(now, now),
        source_ip=source_ip,
        user_agent=user_agent[:256],
        last_used_at=now,
        chain=Chain(token.family_digest, token.digest, nonce=secrets.token_hex(16), rotated_at=now),
    )
    return session, token


def rotated(session: Session, token: RefreshToken, now: int, lifetimes: Lifetimes) -> Session:
    """The session once its current token is exchanged for the one that follows."""
    nonce = secrets.token_hex(16)
    return replace(
        session,
        last_used_at=now,
        expires_at=lifetimes.end(session.created_at, now),
        chain=Chain(
            session.chain.family, token.following(nonce).digest, token.digest, nonce, rotated_at=now
        ),
    )

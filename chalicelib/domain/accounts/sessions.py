"""Sign-ins that last, and what their tokens say."""

import secrets
from dataclasses import dataclass, field, replace

from chalicelib.domain.accounts.refresh import Chain, RefreshToken
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import owned_id


@dataclass(frozen=True)
class Claims:
    """What a verified access token says about its bearer."""

    user_id: str
    session_id: str
    session_version: int


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

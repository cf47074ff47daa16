"""Who is asking, by which proof, and from where."""

from dataclasses import dataclass, replace

from chalicelib.domain.accounts.api_keys import ApiKey, KeyClaims, Scope
from chalicelib.domain.accounts.sessions import Claims, Session
from chalicelib.domain.accounts.users import User

Credential = Claims | KeyClaims
"""What a request presents: to be believed only with what is stored."""
Proof = Session | ApiKey
"""What is stored."""

FRESH = 10 * 60 * 1000
"""How long (ms) after a sign-in no password is asked for again."""


@dataclass(frozen=True)
class Origin:
    """Where a request came from, as the gateway (never a header) says, and who acts.

    `user_agent` is the one thing in it that the client says of itself.
    """

    source_ip: str = ""
    user_agent: str = ""
    request_id: str = ""
    actor: str = ""

    def by(self, user_id: str) -> "Origin":
        """The same, once it is known who acts."""
        return replace(self, actor=user_id)


@dataclass(frozen=True)
class Caller:
    """A living user with a living session or key."""

    user: User
    proof: Proof

    @property
    def is_superuser(self) -> bool:
        """Whether they may administer: never by a key."""
        return self.user.is_superuser and isinstance(self.proof, Session)

    @property
    def session_id(self) -> str | None:
        """The session that this request is part of."""
        return self.proof.id if isinstance(self.proof, Session) else None

    def may(self, scope: Scope | None) -> bool:
        """A session may all that its user may, a key only what its scopes say."""
        return isinstance(self.proof, Session) or scope in self.proof.scopes

    def has_just_signed_in(self, now: int) -> bool:
        """Whether a password was given a moment ago."""
        return isinstance(self.proof, Session) and now - self.proof.created_at < FRESH


def caller_of(
    credential: Credential, user: User | None, proof: Proof | None, now: int
) -> Caller | None:
    """Who bears this credential right now; None for nobody, or nobody any more."""
    if user is None or proof is None or not user.is_active or user.id != credential.user_id:
        return None
    if not _proves(credential, proof) or not proof.is_live(user, now):
        return None
    return Caller(user, proof)


def _proves(credential: Credential, proof: Proof) -> bool:
    match credential, proof:
        case Claims() as claims, Session() as session:
            return session.is_proven_by(claims)
        case KeyClaims() as claims, ApiKey() as key:
            return key.is_proven_by(claims)
    return False

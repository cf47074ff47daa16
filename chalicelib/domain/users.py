"""Users, their sessions, and when two e-mail addresses are one."""

import unicodedata
from dataclasses import dataclass, field

TELLING_NAME = 4
"""Characters before the @ from which on a password must not contain them; `al` is in many."""


@dataclass(frozen=True)
class User:
    """An account; `session_version` rises whenever all its sessions must end."""

    id: str
    email: str
    password_hash: str = field(repr=False)
    created_at: int
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = False
    session_version: int = 1


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


@dataclass(frozen=True)
class Claims:
    """What a verified access token says about its bearer."""

    user_id: str
    session_id: str
    session_version: int


@dataclass(frozen=True)
class Caller:
    """A living user with a living session: who is asking."""

    user: User
    session: Session


def holds(claims: Claims, user: User | None, session: Session | None, now: int) -> bool:
    """Whether the bearer of these claims is, right now, somebody."""
    return (
        user is not None
        and session is not None
        and user.is_active
        and session.user_id == user.id == claims.user_id
        and session.version == claims.session_version == user.session_version
        and session.expires_at > now
    )


def email_address(text: str) -> str:
    """The address that a text holds (RFC 5321, 6531), its domain in Unicode; else ValueError."""
    # Imported here: only sign-ins and registrations need it.
    from email_validator import validate_email

    return validate_email(text.strip(), check_deliverability=False).normalized


def canonical_email(address: str) -> str:
    """The spelling by which an address is unique: NFKC, case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())


def password_fault(password: str, email: str, minimum: int) -> str | None:
    """Why a password is not acceptable, or None if it is."""
    if len(password) < minimum:
        return f"A password has at least {minimum} characters"
    if len(password) > 256:
        return "A password has at most 256 characters"
    name = email.split("@")[0].casefold()
    if len(name) >= TELLING_NAME and name in password.casefold():
        return "A password does not contain the e-mail address"
    return None

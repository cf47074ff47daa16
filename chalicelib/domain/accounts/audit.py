"""What is kept about who did what to whom."""

from dataclasses import dataclass
from enum import StrEnum

KEPT = 400 * 24 * 3600
"""Seconds: thirteen months."""


class Event(StrEnum):
    """What happened; `outcome` says how it ended."""

    SIGN_IN = "login"
    SIGN_OUT = "logout"
    SIGN_OUT_ALL = "logout-all"
    SESSION_ENDED = "session.ended"
    REFRESH_REUSED = "refresh.reused"
    REGISTERED = "user.registered"
    VERIFIED = "user.verified"
    DELETED = "user.deleted"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_RESET = "password.reset"
    EMAIL_CHANGED = "email.changed"
    PRIVILEGE_CHANGED = "privilege.changed"
    ACTIVE_CHANGED = "active.changed"
    VERIFIED_CHANGED = "verified.changed"
    API_KEY_CREATED = "api-key.created"
    API_KEY_REVOKED = "api-key.revoked"
    GRANT_CHANGED = "grant.changed"
    POLICY_CHANGED = "policy.changed"
    MODEL_CHANGED = "model.changed"
    LETTER_REDRIVEN = "dead-letter.redriven"
    LETTER_PURGED = "dead-letter.purged"
    DENIED = "access.denied"


class Outcome(StrEnum):
    """How it ended."""

    OK = "ok"
    FAILED = "failed"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class Entry:
    """One event; `actor` and `target` are ids, or empty where nobody is known."""

    id: str
    at: int
    event: Event
    actor: str
    target: str
    source_ip: str
    request_id: str
    outcome: Outcome

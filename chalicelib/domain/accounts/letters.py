"""Mails that are to be written; the text is the mailer's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a mail is about."""

    RESET = "reset-password"
    VERIFY = "verify"
    PASSWORD_CHANGED = "password-changed"
    EMAIL_CHANGED = "email-changed"
    REFRESH_REUSED = "refresh-reused"
    API_KEY_CREATED = "api-key-created"


ASKED_FOR = frozenset({Kind.RESET, Kind.VERIFY})
"""Anybody can ask for these, for any address: only the mailer looks whether it has an account."""


@dataclass(frozen=True)
class Letter:
    """One mail to one address; `facts` are public ones, such as the name of a key."""

    kind: Kind
    to: str
    request_id: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

"""Idempotency keys: the same request again is answered with what the first one made."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.canonical import digest

KEPT = 24 * 3600
"""Seconds that a key is remembered."""


class Operation(StrEnum):
    """What a key is for; the same key means something else to another one."""

    SUBMIT = "submit"
    TASK = "task"
    BATCH = "batch"
    RETRY = "retry"
    REDRIVE = "redrive"


@dataclass(frozen=True)
class Receipt:
    """What a request with a key made: a prediction, or a batch."""

    key: str
    fingerprint: str
    """Of its body."""
    made: str
    until: int
    """Seconds since the epoch."""

    def is_kept(self, now: int) -> bool:
        """Whether it still counts at this instant (ms)."""
        return now < self.until * 1000


def key_of(user_id: str, operation: Operation, subject: str, key: str) -> str:
    """What the same requests have in common; the subject is a model, or a prediction to retry."""
    return digest(user_id, operation.value, subject, key)

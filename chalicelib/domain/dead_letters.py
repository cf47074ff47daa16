"""Messages that were given up, and why."""

from dataclasses import dataclass
from enum import StrEnum

KEPT = 14 * 24 * 3600
"""Seconds that a dead letter is kept: as long as SQS keeps a message at most."""
LONGEST_BODY = 64 * 1024
"""Characters of a body that are kept."""


class Reason(StrEnum):
    """Why a message reached the dead letters."""

    ATTEMPTS_EXHAUSTED = "attempts-exhausted"
    """Its prediction failed by this."""
    ALREADY_ENDED = "already-ended"
    """Its prediction had ended before, however it had."""
    PREDICTION_MISSING = "prediction-missing"
    """There is no row of its prediction."""
    MALFORMED_MESSAGE = "malformed-message"
    """It names no prediction."""


@dataclass(frozen=True)
class DeadLetter:
    """A message that no worker could be done with; instants in ms since the epoch."""

    id: str
    """The prediction's, or the message's own where it names none."""
    reason: Reason
    attempts: int
    created_at: int
    """When the prediction was accepted, or the message sent."""
    dead_at: int
    model: str | None = None
    body: str | None = None
    """The message, where no row has its input: what an owner erases is not kept here."""

    @property
    def until(self) -> int:
        """When it is forgotten, in seconds since the epoch."""
        return self.dead_at // 1000 + KEPT

    def is_kept(self, now: int) -> bool:
        """Whether it still counts at this instant (ms)."""
        return now < self.until * 1000

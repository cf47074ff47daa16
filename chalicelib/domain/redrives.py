"""What becomes of dead letters that are asked for once more."""

from dataclasses import dataclass, field
from enum import StrEnum


class Obstacle(StrEnum):
    """Why a dead letter was not redriven; it stays, unless it had been before."""

    NOT_FOUND = "not-found"
    """There is no such dead letter."""
    NO_PREDICTION = "no-prediction"
    """It is of no prediction that there is."""
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    EXPIRED = "expired"
    ERASED = "erased"
    """Its input is not kept any more."""
    REDRIVEN = "redriven"
    """It was before, or somebody else was faster."""
    NO_USER = "no-user"
    """Its owner is not there any more, or not active."""
    NO_GRANT = "no-grant"
    MODEL_NOT_FOUND = "model-not-found"
    MODEL_DISABLED = "model-disabled"
    QUOTA_EXCEEDED = "quota-exceeded"
    INVALID_INPUT = "invalid-input"
    """The model takes another input by now."""
    UNAVAILABLE = "unavailable"
    """The table did not take it: ask again."""
    NO_TIME = "no-time"
    """The others took too long: ask again."""


@dataclass(frozen=True)
class Report:
    """By dead letter: the new prediction, or why there is none."""

    redriven: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, Obstacle] = field(default_factory=dict)
    next: str | None = None
    """The place of those that there was no time for."""

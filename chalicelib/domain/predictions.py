"""A prediction: what was asked, where it stands, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pydantic import JsonValue

from chalicelib.domain.ids import shard_of

Json = JsonValue
"""Anything that JSON can say."""


class Status(StrEnum):
    """Moves forward only; the last four never change."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"

    @property
    def is_terminal(self) -> bool:
        """Whether it can never change again."""
        return self not in (Status.QUEUED, Status.RUNNING)


RETRYABLE = frozenset({Status.FAILED, Status.CANCELED, Status.EXPIRED})
"""What ended without an output."""
ERASED = 0
"""What an erased prediction has for the end of its retention: it is past for every clock."""


@dataclass(frozen=True)
class Failure:
    """Why a prediction failed, in words for its owner."""

    code: str
    detail: str


@dataclass(frozen=True)
class Metrics:
    """How long it waited and ran (ms), and with how many others it was predicted."""

    queue_ms: int
    predict_ms: int
    batch_size: int


@dataclass(frozen=True)
class Prediction:
    """One request for one model; instants in ms since the epoch."""

    id: str
    user_id: str
    model: str
    version: str
    requested_version: str
    input: Json
    created_at: int
    retained_until: int
    changed_at: int
    status: Status = Status.QUEUED
    output: Json = None
    error: Failure | None = None
    attempt: int = 1
    cache: str | None = None
    charged: bool = True
    batch_id: str | None = None
    started_at: int | None = None
    completed_at: int | None = None
    expires_at: int | None = None
    metrics: Metrics | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    retry_of: str | None = None
    cache_key: str | None = None
    """The cache entry that waits for its result."""

    def canceled(self, now: int) -> "Prediction":
        """It, canceled while it waited: its unit goes back."""
        return replace(
            self, status=Status.CANCELED, charged=False, completed_at=now, changed_at=now
        )

    @property
    def revision(self) -> str:
        """Another one after every change."""
        return f"{self.status}-{self.attempt}-{self.changed_at}"

    @property
    def is_erased(self) -> bool:
        """Whether nothing is left of it but what is counted."""
        return self.retained_until == ERASED

    def is_kept(self, now: int) -> bool:
        """Whether it can still be read."""
        return now < self.retained_until

    @property
    def shard(self) -> int:
        """Which of the sweeper's shards it lies in while it is not terminal."""
        return shard_of(self.id)


@dataclass(frozen=True)
class Job:
    """All that a worker needs of a prediction, so that it reads nothing."""

    id: str
    user_id: str
    model: str
    version: str
    created_at: int
    deadline: int | None
    input: Json
    cache_key: str | None = None
    """The cache entry that waits for its result."""
    attempts: int = 0
    """Deliveries that it has had before this message, of a job that was sent again."""

    def is_late(self, now: int) -> bool:
        """Whether it may not be started any more."""
        return self.deadline is not None and self.deadline <= now

    @classmethod
    def of(cls, prediction: Prediction) -> "Job":
        """The job that runs this prediction."""
        return cls(
            prediction.id,
            prediction.user_id,
            prediction.model,
            prediction.requested_version,
            prediction.created_at,
            prediction.expires_at,
            prediction.input,
            prediction.cache_key,
        )

    @classmethod
    def again(cls, prediction: Prediction) -> "Job":
        """The same for one whose message may be lost: it runs alone, as what comes again does."""
        return replace(cls.of(prediction), attempts=prediction.attempt)


@dataclass(frozen=True)
class Outcome:
    """How a prediction ended; `output` is its JSON text, exactly as it will be read back."""

    id: str
    status: Status
    version: str
    started_at: int
    completed_at: int
    metrics: Metrics
    output: str | None = None
    error: Failure | None = None

"""Batches: what became of each input, and how far they are."""

from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.api.schemas.formats import Id
from chalicelib.api.schemas.predictions import PredictionItem
from chalicelib.api.schemas.problems import Problem
from chalicelib.domain.predictions import Status
from chalicelib.services.batches import Progress


class Member(BaseModel):
    """An input that was accepted: the prediction that it is."""

    id: Id


class Refusal(BaseModel):
    """An input that was not accepted, and why."""

    error: Problem


class AcceptedBatchView(BaseModel):
    """What became of each input, in their order."""

    batch_id: Id
    predictions: list[Member | Refusal]


class Counts(BaseModel):
    """How many predictions stand how."""

    queued: int
    running: int
    succeeded: int
    failed: int
    canceled: int
    expired: int


class BatchView(BaseModel):
    """How far a batch is, and some of its predictions in the order of the inputs."""

    id: Id
    object: Literal["batch"] = "batch"
    model: str
    done: bool
    counts: Counts
    data: list[PredictionItem]
    next_cursor: str | None

    @classmethod
    def of(
        cls, progress: Progress, data: list[PredictionItem], next_cursor: str | None
    ) -> "BatchView":
        counts: Any = {status.value: progress.counts[status] for status in Status}
        return cls(
            id=progress.batch.id,
            model=progress.batch.model,
            done=progress.is_done,
            counts=Counts(**counts),
            data=data,
            next_cursor=next_cursor,
        )


def batch_url(batch_id: str, base_url: str) -> str:
    """Where a batch is read."""
    return f"{base_url}/v1/batches/{batch_id}"

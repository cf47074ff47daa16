"""How much waits in the queues."""

from pydantic import BaseModel, Field

from chalicelib.services.ports.queues import Depth


class QueueView(BaseModel):
    """One queue; the numbers are SQS's approximate ones."""

    name: str
    visible: int = Field(description="Messages that wait.")
    in_flight: int = Field(description="Messages that are being worked on.")
    delayed: int = Field(description="Messages that are not due yet.")
    oldest_age_s: int | None = Field(
        description="Always null for now: SQS tells the age of the oldest message to CloudWatch "
        "alone, as the metric ApproximateAgeOfOldestMessage."
    )

    @classmethod
    def of(cls, depth: Depth) -> "QueueView":
        return cls(**vars(depth), oldest_age_s=None)


class QueueList(BaseModel):
    """Every queue."""

    queues: list[QueueView]

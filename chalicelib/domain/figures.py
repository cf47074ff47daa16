"""How long predictions take, as a worker has seen it of late."""

from dataclasses import dataclass

STALE = 3600 * 1000
"""Milliseconds after which a figure says nothing any more."""


@dataclass(frozen=True)
class Figure:
    """A model's mean times in the queue and in `predict`, and when they were so; all in ms."""

    queue_ms: int
    predict_ms: int
    measured_at: int

    def seconds(self, now: int) -> int:
        """What a new prediction may take, in whole seconds, at least one; one if it is stale."""
        if now - self.measured_at > STALE:
            return 1
        return max(1, -(-(self.queue_ms + self.predict_ms) // 1000))

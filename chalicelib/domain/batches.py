"""Many predictions that were asked for at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chalicelib.domain.ids import shard_of
from chalicelib.domain.predictions import Status

STORING = 30_000
"""Milliseconds after which nobody stores the predictions of a batch any more."""


@dataclass(frozen=True)
class Batch:
    """What was accepted together; instants in ms since the epoch."""

    id: str
    user_id: str
    model: str
    size: int
    """Predictions that were accepted, and counted."""
    created_at: int
    retained_until: int

    def is_kept(self, now: int) -> bool:
        """Whether it can still be read."""
        return now < self.retained_until

    def counts(self, found: Mapping[Status, int], now: int) -> Mapping[Status, int]:
        """How its predictions stand, by those found.

        What is not there is about to be stored, or, after a while, has failed to be.
        """
        told = {status: found.get(status, 0) for status in Status}
        told[Status.QUEUED if self.is_young(now) else Status.FAILED] += self.missing(found)
        return told

    def missing(self, found: Mapping[Status, int]) -> int:
        """How many of its predictions are not among those found."""
        return max(0, self.size - sum(found.values()))

    def is_young(self, now: int) -> bool:
        """Whether its predictions may still be on their way into the table."""
        return now < self.created_at + STORING

    @property
    def shard(self) -> int:
        """Which of the sweeper's shards it lies in until it is settled."""
        return shard_of(self.id)

    @property
    def due(self) -> int:
        """When it can be settled: what is stored by then is in the index too."""
        return self.created_at + 2 * STORING


def are_done(counts: Mapping[Status, int]) -> bool:
    """Whether none of so many can change any more."""
    return not any(count for status, count in counts.items() if not status.is_terminal)


def member_id(batch_id: str, place: int) -> str:
    """The id of the prediction at a place in a batch: they sort as the inputs do.

    A counter in the 12 bits behind the version (RFC 9562, 6.2, method 1); the random ones that
    follow count on, so that the predictions of a batch spread over all shards.
    """
    number = UUID(batch_id).int
    counter, random = 0xFFF << 64, (1 << 62) - 1
    spread = (number + place) & random
    return str(UUID(int=number & ~(counter | random) | place << 64 | spread))

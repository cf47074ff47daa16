"""How much waits in the queues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Depth:
    """Messages of one queue, approximately: waiting, being worked on, and not yet due."""

    name: str
    visible: int
    in_flight: int
    delayed: int


class Gauge(Protocol):
    """Looks at the queues."""

    def depths(self) -> Sequence[Depth]:
        """Every queue, as it is now; Unavailable if one does not answer."""
        ...

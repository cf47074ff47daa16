"""What has not ended when it should have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.batches import Batch
from chalicelib.domain.predictions import Prediction


@dataclass(frozen=True)
class Due:
    """A prediction, or a batch, that somebody was to look after at that instant (ms)."""

    id: str
    at: int
    is_batch: bool = False


@dataclass(frozen=True)
class Open:
    """A prediction that has not ended, and how often it has been looked after."""

    prediction: Prediction
    sweeps: int


class Repairs(Protocol):
    """Where what is due is found and looked after; Unavailable when the table does not answer."""

    def due(self, shard: int, now: int, most: int) -> Sequence[Due]:
        """What of a shard is due by now, the longest overdue first."""
        ...

    def take(self, due: Due, now: int, until: int) -> Open | Batch | None:
        """It as it is, due again at `until`; None if it ended, or another sweep took it.

        A prediction that is past its deadline is due as before: it is to end.
        """
        ...

    def settle(self, batch: Batch, missing: int) -> bool:
        """Give back so many units of it, and never look after it again, in one step.

        False if that was done before. Where so many units are not counted, none goes back.
        """
        ...

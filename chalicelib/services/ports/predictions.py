"""Where accepted predictions are kept, and wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.access import Grant
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry, Join, Lead
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.services.ports.paging import Page


@dataclass(frozen=True)
class Search:
    """Whose predictions are wanted, and which of them; None is any, instants in ms."""

    user_id: str
    now: int
    """What is not kept any more at this instant is not found."""
    model: str | None = None
    status: Status | None = None
    batch_id: str | None = None
    created_after: int | None = None
    oldest_first: bool = False


class KeyUsed(Exception):
    """Another request with the same key was faster."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("the key was used")
        self.receipt = receipt


class EntryMoved(Exception):
    """The cache entry is not what was read: decide again by what it is, or that there is none."""

    def __init__(self, entry: Entry | None) -> None:
        super().__init__("the cache entry is another one")
        self.entry = entry


class Predictions(Protocol):
    """Where accepted predictions are kept."""

    def accept(
        self,
        prediction: Prediction,
        grant: Grant,
        *,
        receipt: Receipt | None = None,
        part: Lead | Join | None = None,
    ) -> None:
        """Count one unit, store the row, its receipt and its part in the cache: all or nothing.

        Nothing is kept when it raises: KeyUsed, then QuotaExceeded when a limit of the grant is
        reached, then EntryMoved; Unavailable when the table is contended or does not answer.
        """
        ...

    def accept_batch(self, batch: Batch, grant: Grant, *, receipt: Receipt | None = None) -> None:
        """Count its units and store the batch and its receipt, but none of its predictions.

        Raises as `accept` does, with nothing kept.
        """
        ...

    def store(self, predictions: Sequence[Prediction]) -> Sequence[Prediction]:
        """Store the rows of what a batch has counted, 25 a call; those that were not stored."""
        ...

    def counts(self, batch_id: str) -> Mapping[Status, int]:
        """How many of a batch's predictions stand how."""
        ...

    def glimpse(self, prediction_id: str) -> Prediction | None:
        """It as it is, or was a moment ago; None if it is not there, or not there yet."""
        ...

    def cancel(self, prediction: Prediction, now: int) -> Prediction | None:
        """It as it is afterwards: canceled, or as it had ended before; None if it is not there.

        One that was charged and still waits gives its unit back in the same step.
        """
        ...

    def erase(self, prediction: Prediction, now: int) -> None:
        """Forget all that its owner put in and got out of it; it has to be terminal."""
        ...

    def page(self, search: Search, limit: int, after: str | None) -> Page[Prediction]:
        """Those that fit, the newest first or last, without input and output."""
        ...


class JobQueue(Protocol):
    """Where jobs wait for a worker; `worker` is the profile that their model runs on."""

    def send(self, job: Job, worker: str) -> None:
        """Queue a job that somebody waits for; Unavailable if the queue does not take it."""
        ...

    def send_all(self, jobs: Sequence[Job], worker: str) -> Sequence[Job]:
        """Queue many behind those that somebody waits for; what the queue did not take."""
        ...

"""Where accepted predictions are kept, and wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.access import Grant
from chalicelib.domain.predictions import Job, Prediction, Status
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


class Predictions(Protocol):
    """Where accepted predictions are kept."""

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        """Count one unit and store the row, both or neither.

        Raises QuotaExceeded, with nothing kept, when a limit of the grant is reached;
        Unavailable when the table is contended or does not answer.
        """
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
        """Those that fit, the newest first, without input and output."""
        ...


class JobQueue(Protocol):
    """Where jobs wait for a worker; `worker` is the profile that their model runs on."""

    def send(self, job: Job, worker: str) -> None:
        """Queue a job that somebody waits for; Unavailable if the queue does not take it."""
        ...

    def send_all(self, jobs: Sequence[Job], worker: str) -> Sequence[Job]:
        """Queue many behind those that somebody waits for; what the queue did not take."""
        ...

"""Where accepted predictions are kept, and wait."""

from typing import Protocol

from chalicelib.domain.access import Grant
from chalicelib.domain.predictions import Job, Prediction


class Predictions(Protocol):
    """Where accepted predictions are kept."""

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        """Count one unit and store the row, both or neither.

        Raises QuotaExceeded, with nothing kept, when a limit of the grant is reached;
        Unavailable when the table is contended or does not answer.
        """
        ...


class JobQueue(Protocol):
    """Where jobs wait for a worker."""

    def send(self, job: Job) -> None:
        """Queue a job; Unavailable if the queue does not take it."""
        ...

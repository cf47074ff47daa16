"""Where a worker writes."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol

from chalicelib.domain.predictions import Failure, Job, Outcome


class Written(Enum):
    """What became of one conditional write of an outcome."""

    WON = auto()
    """It is stored."""
    LOST = auto()
    """The prediction is terminal already, or gone: this was a duplicate."""
    UNKNOWN = auto()
    """The table refused or did not answer: try again."""
    AGAIN = auto()
    """Of a claim: it is stored, over an earlier one that came to no end."""


class Results(Protocol):
    """Where a worker writes; the first writer wins."""

    def claim(self, job: Job, attempt: int, now: int) -> Written:
        """Mark a prediction `running` for this attempt; AGAIN if it was, LOST if it is terminal."""
        ...

    def expire(self, job: Job, now: int) -> Written:
        """End one whose deadline has passed; its unit goes back in the same step."""
        ...

    def give_up(self, job: Job, failure: Failure, now: int) -> Written:
        """End one as failed that its owner is not to pay for; its unit goes back in the same step.

        UNKNOWN also if there is no such prediction.
        """
        ...

    def finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        """Write outcomes, 25 a call, each only if its prediction is not terminal."""
        ...

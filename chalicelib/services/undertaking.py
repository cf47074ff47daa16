"""Ending what no worker came to an end with, and keeping what is known of it."""

from dataclasses import dataclass

from chalicelib.domain.dead_letters import LONGEST_BODY, DeadLetter, Reason
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.errors import Unavailable
from chalicelib.observability import Metric, record
from chalicelib.services.giving_up import EXHAUSTED, give_up
from chalicelib.services.joining import Joining
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.dead_letters import DeadLetters
from chalicelib.services.ports.predictions import Predictions
from chalicelib.services.ports.results import Results, Written


@dataclass(frozen=True)
class Message:
    """One that a queue gave up; `job` is None if it names no prediction."""

    id: str
    body: str
    sent_at: int
    """In ms since the epoch."""
    attempts: int
    """How often a worker had it."""
    job: Job | None


class Undertaking:
    """Each message ends its prediction, and becomes a dead letter; both may be repeated."""

    def __init__(
        self,
        predictions: Predictions,
        results: Results,
        joining: Joining,
        letters: DeadLetters,
        clock: Clock,
    ) -> None:
        self._predictions = predictions
        self._results = results
        self._joining = joining
        self._letters = letters
        self._clock = clock

    def bury(self, message: Message) -> None:
        """Unavailable if anything of it is not done: then the message has to come again."""
        found = self._predictions.glimpse(message.job.id) if message.job else None
        reason = self._end(message.job, found)
        letter = _letter(message, found, reason, self._clock())
        if self._letters.add(letter):
            record(
                "dead letter",
                {Metric.DEAD_LETTERS: 1},
                model=letter.model,
                prediction_id=letter.id,
                reason=reason.value,
                attempts=letter.attempts,
            )

    def _end(self, job: Job | None, found: Prediction | None) -> Reason:
        """The prediction is terminal, and nobody waits for its result any more."""
        if job is None:
            return Reason.MALFORMED_MESSAGE
        reason = self._fail(found) if found else Reason.PREDICTION_MISSING
        # The message has the input still when the row was erased.
        if not self._joining.release(job):
            raise Unavailable("The queue does not answer, try again", retry_after=1)
        return reason

    def _fail(self, found: Prediction) -> Reason:
        """The row tells what is to be refunded, not the message."""
        if found.status.is_terminal:
            was_this = found.error is not None and found.error.code == EXHAUSTED.code
            return Reason.ATTEMPTS_EXHAUSTED if was_this else Reason.ALREADY_ENDED
        written = give_up(self._results, Job.of(found), EXHAUSTED, self._clock())
        if written is Written.UNKNOWN:
            raise Unavailable("The table does not answer, try again", retry_after=1)
        return Reason.ATTEMPTS_EXHAUSTED if written is Written.WON else Reason.ALREADY_ENDED


def _letter(message: Message, found: Prediction | None, reason: Reason, now: int) -> DeadLetter:
    job = message.job
    return DeadLetter(
        id=job.id if job else message.id,
        reason=reason,
        attempts=max(message.attempts, found.attempt if found else 0),
        created_at=found.created_at if found else message.sent_at,
        dead_at=now,
        model=found.model if found else job.model if job else None,
        body=None if found else message.body[:LONGEST_BODY],
    )

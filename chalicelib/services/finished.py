"""What was predicted and written."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.predictions import Job, Outcome, Status
from chalicelib.domain.usage import Ended
from chalicelib.observability import Metric, record
from chalicelib.services.ports.results import Written


@dataclass(frozen=True)
class Finished:
    """A job, how it ended, and what became of writing that; `share_ms` is its part of the work."""

    job: Job
    outcome: Outcome
    written: Written
    share_ms: float = 0.0

    @property
    def is_won(self) -> bool:
        """Whether this is how the prediction ended."""
        return self.written is Written.WON

    @property
    def has_ended(self) -> bool:
        """Whether the prediction is terminal, by this or before."""
        return self.written is not Written.UNKNOWN

    @property
    def ended(self) -> Ended:
        """As it is counted for its user."""
        return Ended(self.job.user_id, self.job.model, self.outcome.status, self.share_ms)


def report(won: Sequence[Finished], predicted: int, now: int) -> None:
    """One line about a group, of which so many were predicted, with its metrics."""
    if not won:
        return
    succeeded = sum(each.outcome.status is Status.SUCCEEDED for each in won)
    record(
        "predictions finished",
        {
            Metric.SUCCEEDED: succeeded,
            Metric.FAILED: len(won) - succeeded,
            Metric.BATCH_SIZE: predicted,
            Metric.INFERENCE_LATENCY: won[0].outcome.metrics.predict_ms,
            Metric.QUEUE_WAIT: [each.outcome.metrics.queue_ms for each in won],
            Metric.END_TO_END_LATENCY: [max(0, now - each.job.created_at) for each in won],
        },
        model=won[0].job.model,
        prediction_ids=[each.job.id for each in won],
    )

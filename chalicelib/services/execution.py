"""Running a batch of jobs: one vectorised predict a model, one conditional write a result."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from chalicelib.domain.predictions import Job, Outcome, Status
from chalicelib.domain.usage import Ended
from chalicelib.observability import Metric, logger, record
from chalicelib.services.metering import Metering
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.results import Results, Written
from chalicelib.services.prediction import Predicting

RESERVE_MS = 2_000
"""Time kept free at the end of an invocation to write results and return."""


@dataclass(frozen=True)
class Delivery:
    """One message as the queue handed it over; `job` is None if it cannot be read."""

    message_id: str
    attempt: int
    job: Job | None


class Execution:
    """Works off batches; says which messages are to come back."""

    def __init__(
        self, predicting: Predicting, results: Results, metering: Metering, clock: Clock
    ) -> None:
        self._predicting = predicting
        self._results = results
        self._metering = metering
        self._clock = clock

    def run(self, deliveries: Sequence[Delivery], remaining_ms: Callable[[], int]) -> list[str]:
        """The ids of messages to deliver again; all others are done with.

        First deliveries are predicted together, model by model. A redelivered message may be
        what killed the process the last time, so it runs claimed and alone, fewest attempts first.
        """
        first = [delivery for delivery in deliveries if delivery.job and delivery.attempt < 2]
        again = [delivery for delivery in deliveries if delivery.job and delivery.attempt >= 2]
        done: set[str] = set()
        ended: list[Ended] = []
        for group in _groups(first):
            if remaining_ms() > RESERVE_MS:
                done |= self._run_in_time(group, ended)
        for delivery in sorted(again, key=lambda delivery: delivery.attempt):
            if delivery.job and remaining_ms() > RESERVE_MS:
                done |= self._run_alone(delivery, delivery.job, ended)
        self._metering.note(ended)
        returned = [each.message_id for each in deliveries if each.message_id not in done]
        if returned:
            logger.warning("messages returned", count=len(returned), of=len(deliveries))
        return returned

    def _run_in_time(self, group: Sequence[Delivery], ended: list[Ended]) -> set[str]:
        """What may still start is run, the rest expires."""
        now = self._clock()
        late = [each for each in group if each.job and each.job.is_late(now)]
        ready = [each for each in group if each not in late]
        done = {each.message_id for each in late if each.job and self._expire(each.job, now)}
        return done | self._run_group(ready, ended) if ready else done

    def _expire(self, job: Job, now: int) -> bool:
        """Whether it has ended, by this or before."""
        written = self._results.expire(job, now)
        if written is Written.WON:
            logger.info("prediction expired", prediction_id=job.id, model=job.model)
        return written is not Written.UNKNOWN

    def _run_alone(self, delivery: Delivery, job: Job, ended: list[Ended]) -> set[str]:
        if job.is_late(self._clock()):
            return self._run_in_time([delivery], ended)
        claimed = self._results.claim(job, delivery.attempt, self._clock())
        if claimed is Written.WON:
            return self._run_group([delivery], ended)
        return {delivery.message_id} if claimed is Written.LOST else set()

    def _run_group(self, group: Sequence[Delivery], ended: list[Ended]) -> set[str]:
        """Predict and write; ids of the messages whose prediction is terminal now.

        What this ended itself is added to `ended`.
        """
        jobs = list({each.job.id: each.job for each in group if each.job}.values())
        outcomes = self._predicting.predict(jobs, max(each.attempt for each in group))
        written = self._results.finish(outcomes)
        settled = list(zip(outcomes, written, strict=True))
        won = [each for each, how in settled if how is Written.WON]
        self._record(jobs, won)
        ended += _ended(jobs, won, len(outcomes))
        ids = {each.id for each, how in settled if how is not Written.UNKNOWN}
        return {each.message_id for each in group if each.job and each.job.id in ids}

    def _record(self, jobs: Sequence[Job], won: Sequence[Outcome]) -> None:
        if not won:
            return
        accepted = {job.id: job.created_at for job in jobs}
        succeeded = sum(each.status is Status.SUCCEEDED for each in won)
        record(
            "predictions finished",
            {
                Metric.SUCCEEDED: succeeded,
                Metric.FAILED: len(won) - succeeded,
                Metric.BATCH_SIZE: len(jobs),
                Metric.INFERENCE_LATENCY: won[0].metrics.predict_ms,
                Metric.QUEUE_WAIT: [each.metrics.queue_ms for each in won],
                Metric.END_TO_END_LATENCY: [
                    max(0, self._clock() - accepted[each.id]) for each in won
                ],
            },
            model=jobs[0].model,
            prediction_ids=[each.id for each in won],
        )


def _groups(deliveries: Iterable[Delivery]) -> Iterable[list[Delivery]]:
    def key(delivery: Delivery) -> tuple[str, str]:
        return (delivery.job.model, delivery.job.version) if delivery.job else ("", "")

    for _, group in groupby(sorted(deliveries, key=key), key=key):
        yield list(group)


def _ended(jobs: Iterable[Job], won: Iterable[Outcome], of: int) -> list[Ended]:
    """Whose they were, and for each its part of what the batch of so many took."""
    by_id = {job.id: job for job in jobs}
    return [
        Ended(
            by_id[each.id].user_id, by_id[each.id].model, each.status, each.metrics.predict_ms / of
        )
        for each in won
    ]

"""One result for all who asked the same: the side of the worker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.caching import Waiter
from chalicelib.domain.predictions import Job, Outcome, Status
from chalicelib.errors import Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.observability import logger
from chalicelib.services.expiring import expire
from chalicelib.services.finished import Finished
from chalicelib.services.ports.caching import CacheEntries
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import JobQueue
from chalicelib.services.ports.results import Results


@dataclass(frozen=True)
class Shared:
    """What those who waited got, and the leaders that have to come again for the others' sake."""

    finished: Sequence[Finished]
    unsettled: frozenset[str]


class Joining:
    """Ends the waiting for a job; harmless for one that nobody waits for, and when repeated."""

    def __init__(
        self,
        entries: CacheEntries,
        results: Results,
        queue: JobQueue,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._entries = entries
        self._results = results
        self._queue = queue
        self._catalogue = catalogue
        self._clock = clock

    def share(self, finished: Sequence[Finished]) -> Shared:
        """Give what succeeded to all who wait for it; who waits for a failure is queued alone.

        That the leader itself was canceled, or ended before, is no matter to those who wait.
        """
        unsettled: set[str] = set()
        waiting: list[_Waiting] = []
        for each in finished:
            if each.has_ended:
                found = self._settle(each)
                waiting += found or ()
                unsettled |= {each.job.id} if found is None else set()
        shared, stuck = self._write(waiting)
        return Shared(shared, frozenset(unsettled | stuck))

    def release(self, job: Job) -> bool:
        """Queue those who wait for what this did not bring; whether all of them are."""
        try:
            for waiter in self._entries.release(job):
                self._queue.send(_job(job, waiter), self._catalogue.worker_of(job.model))
        except Unavailable as error:
            logger.warning("waiters not queued", prediction_id=job.id, reason=str(error))
            return False
        return True

    def _settle(self, leader: Finished) -> "Sequence[_Waiting] | None":
        """Those who may have its outcome; None if that cannot be told now."""
        if leader.outcome.status is not Status.SUCCEEDED:
            return () if self.release(leader.job) else None
        try:
            found = self._entries.settle(leader.job, leader.outcome)
        except Unavailable as error:
            logger.warning("result not shared", prediction_id=leader.job.id, reason=str(error))
            return None
        return [_Waiting.of(leader, waiter) for waiter in found]

    def _write(self, waiting: "Sequence[_Waiting]") -> tuple[list[Finished], set[str]]:
        """What was written, and the leaders of those of whom that is not known."""
        late = [each for each in waiting if each.is_late]
        ready = [each for each in waiting if not each.is_late]
        stuck = {each.leader for each in late if not expire(self._results, each.job, self._clock())}
        written = self._results.finish([each.outcome for each in ready]) if ready else ()
        finished = [
            Finished(each.job, each.outcome, how) for each, how in zip(ready, written, strict=True)
        ]
        stuck |= {
            each.leader for each, done in zip(ready, finished, strict=True) if not done.has_ended
        }
        return finished, stuck


@dataclass(frozen=True)
class _Waiting:
    """One who gets a leader's outcome: it began, at the earliest, when it was asked for."""

    leader: str
    job: Job
    outcome: Outcome
    is_late: bool

    @classmethod
    def of(cls, leader: Finished, waiter: Waiter) -> "_Waiting":
        job, outcome = _job(leader.job, waiter), leader.outcome
        began = max(outcome.started_at, waiter.created_at)
        waited = replace(outcome.metrics, queue_ms=began - waiter.created_at)
        theirs = replace(
            outcome,
            id=waiter.id,
            started_at=began,
            completed_at=max(outcome.completed_at, began),
            metrics=waited,
        )
        return cls(leader.job.id, job, theirs, job.is_late(outcome.started_at))


def _job(leader: Job, waiter: Waiter) -> Job:
    """The same input, for somebody else, and with nobody waiting for it."""
    return replace(leader, **vars(waiter), cache_key=None, attempts=0)

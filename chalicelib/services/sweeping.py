"""Looking after what was accepted and has not ended: each minute, whatever died in between."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.batches import Batch
from chalicelib.domain.ids import SHARDS
from chalicelib.domain.predictions import Job
from chalicelib.domain.sweeps import ANYWAY, next_look
from chalicelib.errors import Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.observability import Metric, logger, record
from chalicelib.services.expiring import expire
from chalicelib.services.joining import Joining
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import JobQueue, Predictions
from chalicelib.services.ports.queues import Gauge
from chalicelib.services.ports.repairs import Due, Open, Repairs
from chalicelib.services.ports.results import Results

MOST = 500
"""Rows that one sweep looks after."""
GROUP = 50
"""What it holds in memory at a time: an input may have 128 KB."""
RESERVE_MS = 15_000
"""The least time that the next row is looked after with."""


@dataclass
class _Counts:
    postponed: int = 0
    expired: int = 0
    settled: int = 0
    failed: int = 0
    """Those that come again because something did not answer."""


@dataclass
class _Sweep:
    """One look at all that is due."""

    now: int
    left_ms: Callable[[], int]
    busy: frozenset[str]
    """The profiles whose messages waited when it began."""
    counts: _Counts = field(default_factory=_Counts)
    resent: list[str] = field(default_factory=list)


class Sweeping:
    """Sends again what may have no message, ends what is late, settles batches.

    A message too many is harmless, so nothing is asked but whether the row is due. It is due
    later before it is sent: a sweep that dies, or meets another, repeats nothing.
    """

    def __init__(
        self,
        repairs: Repairs,
        predictions: Predictions,
        results: Results,
        joining: Joining,
        queue: JobQueue,
        gauge: Gauge,
        catalogue: Catalogue,
        clock: Clock,
        visibility_seconds: int,
    ) -> None:
        self._repairs = repairs
        self._predictions = predictions
        self._results = results
        self._joining = joining
        self._queue = queue
        self._gauge = gauge
        self._catalogue = catalogue
        self._clock = clock
        self._first = 2 * visibility_seconds * 1000

    def sweep(self, left_ms: Callable[[], int]) -> None:
        """As much of what is due as there is time for; the rest is due the next time."""
        now = self._clock()
        found = self._found(now)
        sweep = _Sweep(now, left_ms, self._busy(found))
        for at in range(0, len(found), GROUP):
            taken = [self._looked_after(due, sweep) for due in found[at : at + GROUP]]
            self._send([each for each in taken if each], sweep)
        if sweep.resent or any(vars(sweep.counts).values()):
            told = {Metric.RESENT: len(sweep.resent)}
            record("sweep", told, **vars(sweep.counts), prediction_ids=sweep.resent)

    def _found(self, now: int) -> list[Due]:
        """Another shard is the first each minute, so that each has its turn."""
        found: list[Due] = []
        for shard in range(now // 60_000, now // 60_000 + SHARDS):
            if room := MOST - len(found):
                found += self._repairs.due(shard % SHARDS, now, room)
        return found

    def _looked_after(self, due: Due, sweep: _Sweep) -> Open | None:
        """What is to be sent again; one that fails does not stop the others."""
        if sweep.left_ms() < RESERVE_MS:
            return None
        try:
            return self._taken(due, sweep)
        except Unavailable as error:
            logger.warning("not looked after", id=due.id, reason=str(error))
            sweep.counts.failed += 1
            return None

    def _taken(self, due: Due, sweep: _Sweep) -> Open | None:
        until = next_look(due.id, sweep.now, self._first)
        taken = self._repairs.take(due, sweep.now, until)
        if isinstance(taken, Batch):
            self._settle(taken, sweep)
            return None
        if taken and (job := Job.of(taken.prediction)).is_late(sweep.now):
            self._end(job, sweep)
            return None
        return taken

    def _end(self, job: Job, sweep: _Sweep) -> None:
        """Who waits for its result is queued first: nobody looks after them once it has ended."""
        if self._joining.release(job) and expire(self._results, job, sweep.now):
            sweep.counts.expired += 1
        else:
            sweep.counts.failed += 1

    def _settle(self, batch: Batch, sweep: _Sweep) -> None:
        """What was counted and never stored is given back."""
        missing = batch.missing(self._predictions.counts(batch.id))
        if not batch.is_kept(sweep.now):
            missing = 0  # what is not there now has been: DynamoDB removed it
        if self._repairs.settle(batch, missing):
            sweep.counts.settled += 1
            if missing:
                logger.warning("batch not stored whole", batch_id=batch.id, refunded=missing)

    def _send(self, taken: Sequence[Open], sweep: _Sweep) -> None:
        """All but those whose message may still be ahead in the queue."""
        for worker, group in self._by_worker(taken).items():
            # While its queue is not empty, what is old may only be late; but not for ever.
            is_free = worker not in sweep.busy
            ready = [each for each in group if is_free or each.sweeps >= ANYWAY]
            jobs = [Job.again(each.prediction) for each in ready]
            left = {job.id for job in self._queue.send_all(jobs, worker)}
            sweep.resent += [job.id for job in jobs if job.id not in left]
            sweep.counts.failed += len(left)
            sweep.counts.postponed += len(group) - len(ready)

    def _busy(self, found: Sequence[Due]) -> frozenset[str]:
        """The profiles with messages that wait; asked for only if a prediction is due."""
        if all(each.is_batch for each in found):
            return frozenset()
        try:
            depths = self._gauge.depths()
        except Unavailable as error:
            logger.warning("queues not gauged", reason=str(error))
            return frozenset()  # sending will tell
        return frozenset(each.name.partition("-")[0] for each in depths if each.visible)

    def _by_worker(self, taken: Iterable[Open]) -> Mapping[str, list[Open]]:
        groups: defaultdict[str, list[Open]] = defaultdict(list)
        for each in taken:
            groups[self._catalogue.worker_of(each.prediction.model)].append(each)
        return groups

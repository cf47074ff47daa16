"""Running a batch of jobs: one vectorised predict a model, one conditional write a result."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from chalicelib.domain.predictions import Job, Outcome
from chalicelib.inference.registry import Spec
from chalicelib.observability import logger
from chalicelib.services.budget import Budget
from chalicelib.services.expiring import expire
from chalicelib.services.finished import Finished, report
from chalicelib.services.giving_up import VERSION_GONE, give_up
from chalicelib.services.joining import Joining
from chalicelib.services.measuring import Measuring
from chalicelib.services.metering import Metering
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.results import Results, Written
from chalicelib.services.prediction import Predicting

Delete = Callable[[Collection[str]], None]
"""Takes messages that are done with, by their ids, off the queue; to fail is harmless."""


def _later(message_ids: Collection[str]) -> None:
    """They are deleted when the invocation returns."""


@dataclass(frozen=True)
class Delivery:
    """One message as the queue handed it over; `job` is None if it cannot be read."""

    message_id: str
    attempt: int
    job: Job | None


class Execution:
    """Works off batches; says which messages are to come back."""

    def __init__(
        self,
        predicting: Predicting,
        results: Results,
        joining: Joining,
        metering: Metering,
        measuring: Measuring,
        clock: Clock,
    ) -> None:
        self._predicting = predicting
        self._results = results
        self._joining = joining
        self._metering = metering
        self._measuring = measuring
        self._clock = clock

    def run(
        self,
        deliveries: Sequence[Delivery],
        remaining_ms: Callable[[], int],
        delete: Delete = _later,
    ) -> list[str]:
        """The ids of messages to deliver again; all others are done with.

        First deliveries are predicted together, model by model. Slow ones run alone after them,
        claimed, so that they are shown to run; and so do, fewest attempts first, those that come or
        were sent again, for one of them may be what killed the process the last time. Those that
        were claimed before and came to no end are the suspects: they run when all others are done
        and deleted, which would come again with each of their deaths, and be given up like them.
        """
        shift = _Shift(Budget(remaining_ms, self._predicting.pace))
        tasks = [self._task(each, each.job) for each in deliveries if each.job]
        for group in _groups(task for task in tasks if not task.is_alone):
            self._take(group, shift)
        alone = [task for task in tasks if task.is_alone]
        for task in sorted(alone, key=lambda task: task.attempt):
            self._take([task], shift)
        for task in shift.suspects:
            shift.settle(delete)
            self._take([task], shift)
        self._metering.note(each.ended for each in shift.won)
        self._measuring.note(shift.won)
        returned = [each.message_id for each in deliveries if each.message_id not in shift.done]
        if returned:
            logger.warning("messages returned", count=len(returned), of=len(deliveries))
        return returned

    def _task(self, delivery: Delivery, job: Job) -> "_Task":
        attempt = delivery.attempt + job.attempts
        return _Task(delivery.message_id, attempt, job, self._predicting.spec_of(job))

    def _take(self, group: Sequence["_Task"], shift: "_Shift") -> None:
        """As many at once as there is time for, until there is none."""
        while group and (room := shift.budget.room(group[0].spec, len(group))):
            self._start(group[:room], shift)
            group = group[room:]

    def _start(self, tasks: Sequence["_Task"], shift: "_Shift") -> None:
        """What may still start is run, the rest expires."""
        now = self._clock()
        late = [task for task in tasks if task.job.is_late(now)]
        for task in late:
            if expire(self._results, task.job, now) and self._joining.release(task.job):
                shift.done.add(task.message_id)
        rest = [task for task in tasks if not task.job.is_late(now)]
        if (spec := tasks[0].spec) is None:
            self._give_up(rest, shift)
        elif ready := [task for task in rest if self._may(task, shift)]:
            self._run(spec, ready, shift)

    def _give_up(self, tasks: Sequence["_Task"], shift: "_Shift") -> None:
        """What this worker lacks the version for comes back once, for a newer one may have it."""
        for task in tasks:
            if task.attempt < 2:
                continue
            written = give_up(self._results, task.job, VERSION_GONE, self._clock())
            if written is not Written.UNKNOWN and self._joining.release(task.job):
                shift.done.add(task.message_id)

    def _may(self, task: "_Task", shift: "_Shift") -> bool:
        """Whether it is claimed, if that is needed; one that has ended before is done with."""
        if not task.is_alone:
            return True
        claimed = self._results.claim(task.job, task.attempt, self._clock())
        if claimed is Written.LOST and self._joining.release(task.job):
            shift.done.add(task.message_id)
        if claimed is Written.AGAIN and task not in shift.suspects:
            shift.suspects.append(task)
            return False
        return claimed in (Written.WON, Written.AGAIN)

    def _run(self, spec: Spec, tasks: Sequence["_Task"], shift: "_Shift") -> None:
        """Predict, write, and share with those who asked the same."""
        shift.budget.begin()
        jobs = {task.job.id: task.job for task in tasks}
        outcomes = self._predicting.predict(spec, list(jobs.values()), shift.budget)
        finished = self._written(jobs, outcomes)
        shared = self._joining.share(finished)
        won = [each for each in (*finished, *shared.finished) if each.is_won]
        report(won, len(jobs), self._clock())
        shift.won += won
        ended = {each.job.id for each in finished if each.has_ended} - shared.unsettled
        shift.done |= {task.message_id for task in tasks if task.job.id in ended}

    def _written(self, jobs: dict[str, Job], outcomes: Sequence[Outcome]) -> list[Finished]:
        written = self._results.finish(outcomes)
        return [
            Finished(jobs[each.id], each, how, each.metrics.predict_ms / len(outcomes))
            for each, how in zip(outcomes, written, strict=True)
        ]


@dataclass(frozen=True)
class _Task:
    """A message that can be read, and what runs it."""

    message_id: str
    attempt: int
    job: Job
    spec: Spec | None

    @property
    def is_alone(self) -> bool:
        """Whether it is claimed first, and predicted by itself."""
        return self.attempt >= 2 or (self.spec is not None and self.spec.is_slow)


@dataclass
class _Shift:
    """One invocation: its time, the messages that are done with, and what was won."""

    budget: Budget
    done: set[str] = field(default_factory=set)
    won: list[Finished] = field(default_factory=list)
    suspects: list[_Task] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)

    def settle(self, delete: Delete) -> None:
        """Delete what is done with, once."""
        if done := self.done - self.settled:
            delete(done)
            self.settled |= done


def _groups(tasks: Iterable[_Task]) -> Iterable[list[_Task]]:
    def key(task: _Task) -> tuple[str, str]:
        return task.job.model, task.job.version

    for _, group in groupby(sorted(tasks, key=key), key=key):
        yield list(group)

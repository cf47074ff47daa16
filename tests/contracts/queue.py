"""The queue between the API and the worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain.predictions import Job
from chalicelib.services.ports.predictions import JobQueue
from tests.samples import NOW, a_job


@dataclass(frozen=True)
class Line:
    """A queue and what a worker would receive from it."""

    queue: JobQueue
    received: Callable[[], Sequence[Job | None]]


class QueueContract:
    def test_a_job_arrives_as_it_was_sent(self, line: Line) -> None:
        job = a_job(
            input={"text": 'naïve 🙂 "quoted" \x00', "n": [1, 0.1, 1e300, 10**40]},
            deadline=NOW + 1000,
        )
        line.queue.send(job)
        assert line.received() == [job]

    def test_a_job_without_a_deadline_arrives_without_one(self, line: Line) -> None:
        job = a_job(deadline=None)
        line.queue.send(job)
        assert line.received() == [job]

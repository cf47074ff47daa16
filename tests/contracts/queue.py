"""The queue between the API and the worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain.predictions import Job
from chalicelib.services.ports.predictions import JobQueue
from tests.samples import NOW, a_job


@dataclass(frozen=True)
class Line:
    """Queues, and what workers would receive from the interactive and from the bulk one."""

    queue: JobQueue
    received: Callable[[str], Sequence[Job | None]]


class QueueContract:
    def test_a_job_arrives_as_it_was_sent(self, line: Line) -> None:
        job = a_job(
            input={"text": 'naïve 🙂 "quoted" \x00\x7f\ufffe\uffff', "n": [1, 0.1, 1e300, 10**40]},
            deadline=NOW + 1000,
        )
        line.queue.send(job, "light")
        assert line.received("interactive") == [job]

    def test_a_job_without_a_deadline_arrives_without_one(self, line: Line) -> None:
        job = a_job(deadline=None)
        line.queue.send(job, "light")
        assert line.received("interactive") == [job]

    def test_many_arrive_each_once(self, line: Line) -> None:
        jobs = [a_job(input={"n": at}) for at in range(23)]
        assert line.queue.send_all(jobs, "light") == []
        assert _by_id(line.received("bulk"), 23) == _by_id(jobs, 23)
        assert line.received("interactive") == []

    def test_many_large_ones_arrive_too(self, line: Line) -> None:
        jobs = [a_job(input={"text": "ü" * 60_000}) for _ in range(12)]
        assert line.queue.send_all(jobs, "light") == []
        assert _by_id(line.received("bulk"), 12) == _by_id(jobs, 12)


def _by_id(jobs: Sequence[Job | None], count: int) -> list[Job]:
    found = sorted((job for job in jobs if job), key=lambda job: job.id)
    assert len(found) == count
    return found

"""What may not be started any more expires, and is not run."""

from io import StringIO

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.predictions import Job, Prediction, Status
from tests.samples import NOW
from tests.unit.services.workers import Worker
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world)


def queued(world: World, ada: Person, seconds: int | None) -> str:
    """The id of a prediction that has to start within so many seconds."""
    deadline = None if seconds is None else NOW + seconds * 1000
    prediction = world.accepted(
        ada, "double", input={"n": 4}, requested_version="1.2.0", expires_at=deadline
    )
    world.queue.send(Job.of(prediction))
    return prediction.id


def found(world: World, id: str) -> Prediction:
    return world.memory.predictions[id]


def test_from_its_deadline_on_it_expires_and_its_neighbours_run(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, seconds) for seconds in (None, 1, 2)]
    world.clock.advance(seconds=1)
    assert worker.work() == []
    statuses = [found(world, id).status for id in ids]
    assert statuses == [Status.SUCCEEDED, Status.EXPIRED, Status.SUCCEEDED]
    assert world.results.calls == 1


def test_it_tells_when_it_expired_that_it_did_not_run_and_that_it_cost_nothing(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada, 1)
    world.clock.advance(seconds=3)
    worker.work()
    expired = found(world, id)
    assert (expired.completed_at, expired.started_at) == (NOW + 3000, None)
    assert (expired.output, expired.error, expired.charged) == (None, None, False)
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(0, {23: 0})
    assert world.results.calls == 0


def test_a_redelivered_message_past_its_deadline_is_not_claimed(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada, 1)
    world.queue.receive()
    world.clock.advance(seconds=1)
    assert worker.work() == []
    assert (found(world, id).status, found(world, id).attempt) == (Status.EXPIRED, 1)


def test_what_had_ended_before_stays_as_it_ended(world: World, ada: Person, worker: Worker) -> None:
    id = queued(world, ada, 1)
    canceled = world.predictions.cancel(found(world, id), NOW)
    world.clock.advance(seconds=1)
    assert worker.work() == []
    assert found(world, id) == canceled


def test_what_could_not_be_written_comes_again(world: World, ada: Person, worker: Worker) -> None:
    id = queued(world, ada, 1)
    world.clock.advance(seconds=1)
    world.memory.is_down = True
    assert worker.work() == ["message-1"]
    world.memory.is_down = False
    assert worker.work() == []
    assert found(world, id).status is Status.EXPIRED


def test_an_expired_one_is_found_in_the_log(
    world: World, ada: Person, worker: Worker, log: StringIO
) -> None:
    id = queued(world, ada, 1)
    world.clock.advance(seconds=1)
    worker.work()
    assert "prediction expired" in log.getvalue()
    assert id in log.getvalue()

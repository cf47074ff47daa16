"""Models that say that they are slow: their inputs run one at a time, and are seen to."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.inference.catalogue import Catalogue
from tests.samples import NOW
from tests.unit.services.models import Broken, Double, Slow, spec_of
from tests.unit.services.workers import Worker
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world, Catalogue([spec_of(Slow), spec_of(Double)]))


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = Slow.meanwhile
    yield
    Slow.meanwhile = before


def queued(world: World, ada: Person, n: int, model: str = "slow") -> str:
    prediction = world.accepted(ada, model, input={"n": n}, requested_version="1.0.0")
    world.queue.send(Job.of(prediction))
    return prediction.id


def found(world: World, id: str) -> Prediction:
    return world.memory.predictions[id]


def test_each_is_shown_to_run_while_it_does_and_the_next_to_wait(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, n) for n in range(3)]
    seen: list[list[Status]] = []
    Slow.meanwhile = lambda n: seen.append([found(world, id).status for id in ids])
    assert worker.work() == []
    done, running, waiting = Status.SUCCEEDED, Status.RUNNING, Status.QUEUED
    assert seen == [[running, waiting, waiting], [done, running, waiting], [done, done, running]]


def test_a_reader_is_told_since_when_it_runs_and_at_which_attempt(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada, 1)
    world.clock.advance(31)
    seen: list[Prediction] = []
    Slow.meanwhile = lambda n: seen.append(found(world, id))
    worker.work()
    assert [(each.attempt, each.started_at, each.changed_at) for each in seen] == (
        [(1, NOW + 31, NOW + 31)]
    )


def test_each_is_a_batch_of_its_own(world: World, ada: Person, worker: Worker) -> None:
    ids = [queued(world, ada, n) for n in range(3)]
    worker.work()
    results = [found(world, id) for id in ids]
    assert [each.output for each in results] == [{"n": 2.0 * n, "padding": ""} for n in range(3)]
    assert [each.metrics and each.metrics.batch_size for each in results] == [1, 1, 1]
    assert world.results.calls == 3


def test_fast_ones_do_not_wait_for_them_and_are_not_claimed(
    world: World, ada: Person, worker: Worker
) -> None:
    slow, fast = queued(world, ada, 1), queued(world, ada, 1, "double")
    seen: list[Prediction] = []
    Slow.meanwhile = lambda n: seen.append(found(world, fast))
    worker.work()
    assert [each.status for each in seen] == [Status.SUCCEEDED]
    assert world.results.claimed == [slow]


def test_one_that_was_canceled_before_is_not_run(world: World, ada: Person, worker: Worker) -> None:
    id = queued(world, ada, 1)
    canceled = world.predictions.cancel(found(world, id), NOW)
    Slow.meanwhile = pytest.fail
    assert worker.work() == []
    assert found(world, id) == canceled


def test_one_that_is_canceled_meanwhile_stays_canceled(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada, 1)
    Slow.meanwhile = lambda n: world.predictions.cancel(found(world, id), NOW)
    assert worker.work() == []
    assert (found(world, id).status, found(world, id).output) == (Status.CANCELED, None)


def test_one_that_cannot_be_claimed_comes_again(world: World, ada: Person, worker: Worker) -> None:
    queued(world, ada, 1)
    world.memory.is_down = True
    Slow.meanwhile = pytest.fail
    assert worker.work() == ["message-1"]


def test_one_whose_model_does_not_load_comes_again_and_runs_then(world: World, ada: Person) -> None:
    id = queued(world, ada, 1, "broken")
    broken = replace(spec_of(Broken), is_slow=True)
    assert Worker(world, Catalogue([broken])).work() == ["message-1"]
    assert found(world, id).status is Status.RUNNING
    mended = replace(broken, factory=Slow)
    assert Worker(world, Catalogue([mended])).work() == []
    assert (found(world, id).status, found(world, id).attempt) == (Status.SUCCEEDED, 2)

"""What fits into the time that is left."""

from dataclasses import replace

import pytest

from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.budget import RECENT, RESERVE_MS, Budget, Pace
from tests.samples import NOW
from tests.unit.services.models import Double, spec_of
from tests.unit.services.workers import Worker
from tests.world import Person, World

SPEC = spec_of(Double)
ENOUGH = 30_000


def budget(remaining_ms: int, *notes: tuple[int, float]) -> Budget:
    """Of an invocation that has begun to work, after predicts of so many inputs and ms."""
    pace = Pace()
    for inputs, ms in notes:
        pace.note("double", inputs, ms)
    found = Budget(lambda: remaining_ms + RESERVE_MS, pace)
    found.begin()
    return found


@pytest.mark.parametrize(
    ("notes", "remaining_ms", "room"),
    [
        ([], 1, 10),
        ([(10, 0.0)], 1, 10),
        ([(1, 100.0)], 1000, 10),
        ([(1, 100.0)], 999, 9),
        ([(1, 100.0)], 100, 1),
        ([(1, 100.0)], 99, 0),
        ([(1, 100.0)], 0, 0),
        ([(10, 1000.0)], 500, 5),
        ([(1, 5.0), (1, 200.0), (1, 5.0)], 600, 3),
    ],
)
def test_of_ten_so_many_fit(notes: list[tuple[int, float]], remaining_ms: int, room: int) -> None:
    assert budget(remaining_ms, *notes).room(SPEC, 10) == room


def test_no_input_takes_longer_than_its_model_may() -> None:
    slow = budget(5_000, (1, 60_000.0))
    assert slow.room(replace(SPEC, timeout=1), 10) == 5
    assert slow.room(replace(SPEC, timeout=100), 10) == 0


def test_a_model_is_judged_by_itself() -> None:
    assert budget(50, (1, 100.0)).room(replace(SPEC, name="other"), 10) == 10


def test_a_slow_day_is_forgotten() -> None:
    assert budget(100, (1, 1000.0), *[(1, 10.0)] * RECENT).room(SPEC, 10) == 10


@pytest.mark.parametrize(("remaining_ms", "room"), [(1, 1), (0, 0), (-1, 0)])
def test_one_is_taken_however_slow_until_something_runs_unless_there_is_no_time_at_all(
    remaining_ms: int, room: int
) -> None:
    pace = Pace()
    pace.note("double", 1, 60_000.0)
    fresh = Budget(lambda: remaining_ms + RESERVE_MS, pace)
    assert [fresh.room(SPEC, 10), fresh.room(SPEC, 10)] == [room, room]
    fresh.begin()
    assert fresh.room(SPEC, 10) == 0


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


def queued(world: World, ada: Person, count: int, **facts: object) -> list[str]:
    facts = {"input": {"n": 4}, "requested_version": "1.2.0", **facts}
    found = [world.accepted(ada, "double", **facts) for _ in range(count)]
    for prediction in found:
        world.queue.send(Job.of(prediction))
    return [each.id for each in found]


def found(world: World, ids: list[str]) -> list[Prediction]:
    return [world.memory.predictions[id] for id in ids]


def sizes(world: World, ids: list[str]) -> list[int | None]:
    """Of the batch in which each was predicted."""
    return [each.metrics and each.metrics.batch_size for each in found(world, ids)]


def test_of_a_group_that_does_not_fit_runs_what_fits(world: World, ada: Person) -> None:
    ids, worker = queued(world, ada, 10), Worker(world)
    worker.predicting.pace.note("double", 1, 1000)
    times = iter([RESERVE_MS + 4000, RESERVE_MS])
    assert worker.work(lambda: next(times)) == [f"message-{n}" for n in range(5, 11)]
    assert sizes(world, ids) == [4] * 4 + [None] * 6


def test_what_was_faster_than_feared_leaves_time_for_the_rest(world: World, ada: Person) -> None:
    ids, worker = queued(world, ada, 10), Worker(world)
    worker.predicting.pace.note("double", 1, 1000)
    assert worker.work(RESERVE_MS + 4000) == []
    assert sizes(world, ids) == [4] * 8 + [2] * 2


def test_what_came_back_for_want_of_time_runs_claimed_the_next_time(
    world: World, ada: Person
) -> None:
    ids, worker = queued(world, ada, 2), Worker(world)
    worker.predicting.pace.note("double", 1, 60_000)
    assert worker.work() == ["message-2"]
    assert worker.work() == []
    assert [each.attempt for each in found(world, ids)] == [1, 2]


def test_a_redelivered_one_that_does_not_fit_is_not_claimed(world: World, ada: Person) -> None:
    ids, worker = queued(world, ada, 2), Worker(world)
    world.queue.receive()
    worker.predicting.pace.note("double", 1, 60_000)
    assert worker.work() == ["message-2"]
    assert [(each.status, each.attempt) for each in found(world, ids)] == [
        (Status.SUCCEEDED, 2),
        (Status.QUEUED, 1),
    ]


def test_how_long_a_predict_took_is_learnt(world: World, ada: Person) -> None:
    worker = Worker(world)
    queued(world, ada, 3)
    assert worker.predicting.pace.ms(SPEC) == 0
    worker.work()
    assert worker.predicting.pace.ms(SPEC) > 0


def test_what_becomes_late_while_others_run_expires(world: World, ada: Person) -> None:
    ids, worker = queued(world, ada, 2, expires_at=NOW + 1000), Worker(world)
    worker.predicting.pace.note("double", 1, 60_000)

    def remaining_ms() -> int:
        world.clock.advance(seconds=1)
        return next(times)

    world.clock.advance(seconds=-1)
    times = iter([ENOUGH, 200_000])
    assert worker.work(remaining_ms) == []
    assert [each.status for each in found(world, ids)] == [Status.SUCCEEDED, Status.EXPIRED]


def test_a_model_of_a_version_that_is_gone_takes_no_time(world: World, ada: Person) -> None:
    queued(world, ada, 3)
    worker = Worker(world, Catalogue([]))
    assert len(worker.work(RESERVE_MS + 1)) == 3
    assert worker.work(RESERVE_MS + 1) == []

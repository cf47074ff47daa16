"""What the worker tells of how long predictions take."""

import pytest

from chalicelib.domain.figures import Figure
from chalicelib.domain.predictions import Job, Metrics, Outcome, Status
from chalicelib.services.finished import Finished
from chalicelib.services.measuring import INTERVAL, Measuring
from chalicelib.services.ports.results import Written
from tests.samples import NOW, a_job, a_success
from tests.unit.services.workers import Worker
from tests.world import World


@pytest.fixture
def measuring(world: World) -> Measuring:
    return Measuring(world.figures, world.clock)


def finished(queue_ms: int, predict_ms: int, model: str = "double") -> Finished:
    job: Job = a_job(model)
    outcome: Outcome = a_success(job.id, metrics=Metrics(queue_ms, predict_ms, 1))
    return Finished(job, outcome, Written.WON)


def test_the_first_batch_of_a_model_is_told_at_once(world: World, measuring: Measuring) -> None:
    measuring.note([finished(10, 4), finished(21, 4)])
    assert world.memory.figures == {"double": Figure(16, 4, NOW)}


def test_a_model_is_told_of_once_in_ten_seconds_and_each_by_itself(
    world: World, measuring: Measuring
) -> None:
    for _ in range(30):
        measuring.note([finished(10, 4), finished(10, 4, "other")])
        world.clock.advance(seconds=1)
    assert world.figures.noted == ["double", "other"] * 3


def test_what_is_told_is_a_mean_of_late(world: World, measuring: Measuring) -> None:
    measuring.note([finished(1000, 100)])
    world.clock.advance(INTERVAL)
    measuring.note([finished(2000, 300)])
    assert world.memory.figures["double"] == Figure(1500, 200, NOW + INTERVAL)


def test_after_a_quiet_hour_only_the_present_counts(world: World, measuring: Measuring) -> None:
    measuring.note([finished(60_000, 1000)])
    world.clock.advance(seconds=3600)
    measuring.note([finished(5, 1)])
    assert world.memory.figures["double"] == Figure(5, 1, NOW + 3_600_000)


def test_batches_of_the_same_instant_count_too(world: World, measuring: Measuring) -> None:
    measuring.note([finished(0, 0)])
    for _ in range(50):
        measuring.note([finished(1000, 0)])
    world.clock.advance(INTERVAL)
    measuring.note([finished(1000, 0)])
    assert world.memory.figures["double"].queue_ms > 990


def test_a_table_that_is_down_fails_nothing_and_is_left_alone_for_ten_seconds(
    world: World, measuring: Measuring
) -> None:
    world.memory.is_down = True
    for _ in range(2):
        measuring.note([finished(10, 4)])
    assert world.figures.noted == ["double"]
    world.memory.is_down = False
    world.clock.advance(INTERVAL)
    measuring.note([finished(10, 4)])
    assert world.memory.figures["double"].measured_at == NOW + INTERVAL


def test_a_worker_tells_of_what_it_won_and_of_nothing_else(world: World) -> None:
    worker, ada = Worker(world), world.somebody()
    prediction = world.accepted(ada, "double", input={"n": 4}, requested_version="1.2.0")
    ended = world.accepted(ada, "double", status=Status.CANCELED)
    world.queue.send(Job.of(ended))
    worker.work()
    assert world.figures.noted == []
    world.clock.advance(31)
    world.queue.send(Job.of(prediction))
    worker.work()
    assert world.memory.figures["double"].queue_ms == 31

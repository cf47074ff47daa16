"""A model's own limit of time, in real but short time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.predictions import Failure, Job, Prediction, Status
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.budget import RESERVE_MS
from tests.unit.services.models import SLEEPY, UNLUCKY, Double, Patient, spec_of
from tests.unit.services.workers import Worker
from tests.world import Person, World

LIMIT = 0.05
"""Seconds; `register` takes whole ones, for which no test waits."""
ENOUGH = 30_000


class Forgetful(Patient):
    """Cannot be loaded a second time."""

    loads = 0

    def load(self, artifacts: Path) -> None:
        type(self).loads += 1
        if self.loads > 1:
            raise OSError("no such file")


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world, Catalogue([replace(spec_of(Patient), timeout=LIMIT)]))


def queued(world: World, ada: Person, *numbers: int) -> list[str]:
    """The ids of predictions of these numbers, which wait for the worker."""
    found = [world.accepted(ada, "patient", input={"n": n}) for n in numbers]
    for prediction in found:
        world.queue.send(Job.of(prediction))
    return [each.id for each in found]


def found(world: World, ids: list[str]) -> list[Prediction]:
    return [world.memory.predictions[id] for id in ids]


def test_an_input_that_takes_too_long_fails_alone_once_and_for_its_owner_to_pay(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = queued(world, ada, 1, SLEEPY, 2)
    assert worker.work() == []
    first, sleepy, last = found(world, ids)
    assert (first.status, last.status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    assert sleepy.error == Failure("model-timeout", f"The model took longer than {LIMIT} seconds")
    assert sleepy.charged


def test_a_batch_of_one_has_no_second_chance(world: World, ada: Person, worker: Worker) -> None:
    ids = queued(world, ada, SLEEPY)
    assert worker.work() == []
    assert [each.error and each.error.code for each in found(world, ids)] == ["model-timeout"]


def test_what_is_too_slow_only_together_succeeds_one_by_one(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = queued(world, ada, 15, 16, 17, 18)
    assert worker.work() == []
    assert {each.status for each in found(world, ids)} == {Status.SUCCEEDED}


def running_out(after: int) -> Callable[[], int]:
    """Enough time is left, so many times; then too little to begin anything."""
    times = iter([ENOUGH] * after)
    return lambda: next(times, RESERVE_MS)


def test_one_by_one_ends_where_time_does_and_the_rest_comes_again(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = queued(world, ada, SLEEPY, 1, 2)
    assert worker.work(running_out(after=3)) == ["message-3"]
    assert [each.status for each in found(world, ids)] == [
        Status.FAILED,
        Status.SUCCEEDED,
        Status.QUEUED,
    ]
    assert worker.work() == []
    assert found(world, ids)[2].status is Status.SUCCEEDED


def test_what_cannot_be_loaded_after_an_interruption_comes_again(world: World, ada: Person) -> None:
    ids = queued(world, ada, SLEEPY, 1)
    spec = replace(spec_of(Patient), factory=Forgetful, timeout=LIMIT)
    assert Worker(world, Catalogue([spec])).work() == ["message-1", "message-2"]
    assert {each.status for each in found(world, ids)} == {Status.QUEUED}


def test_a_batch_that_fails_for_another_reason_ends_where_time_does_too(
    world: World, ada: Person
) -> None:
    worker = Worker(world, Catalogue([spec_of(Double)]))
    for n in (1, UNLUCKY, 2):
        prediction = world.accepted(ada, "double", input={"n": n}, requested_version="1.2.0")
        world.queue.send(Job.of(prediction))
    assert worker.work(running_out(after=2)) == ["message-2", "message-3"]

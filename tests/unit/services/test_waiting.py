"""Waiting, in no time."""

from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.predictions import Job, Prediction, Status
from tests.samples import NOW, a_success
from tests.world import Person, World


@pytest.fixture
def queued(world: World) -> Prediction:
    person: Person = world.somebody()
    return world.accepted(person, "double")


def test_it_ends_with_the_result(world: World, use: Services, queued: Prediction) -> None:
    world.clock.meanwhile = lambda: (
        len(world.clock.slept) == 3 and world.results.finish([a_success(queued.id)])
    )
    found = use.waiting.wait(queued, 5)
    assert found == world.memory.predictions[queued.id]
    assert found.status is Status.SUCCEEDED
    assert world.clock.slept == [0.015, 0.0225, 0.03375]


def test_the_pauses_grow_to_a_second_and_the_last_ends_in_time(
    world: World, use: Services, queued: Prediction
) -> None:
    assert use.waiting.wait(queued, 5) == queued
    slept = world.clock.slept
    assert max(slept) == 1.0
    growth = [later / earlier for earlier, later in pairwise(slept)]
    assert all(rate == pytest.approx(1.5) for rate in growth[:10])
    assert world.clock() == NOW + 5000


@pytest.mark.parametrize(("asked", "granted"), [(0, 0), (3, 3), (10, 10), (11, 10), (10**9, 10)])
def test_nobody_waits_longer_than_the_setting_says(
    world: World, use: Services, queued: Prediction, asked: int, granted: int
) -> None:
    assert use.waiting.granted(asked) == granted
    use.waiting.wait(queued, asked)
    assert world.clock() == NOW + granted * 1000


def test_the_setting_may_be_none_at_all(world: World, queued: Prediction) -> None:
    use = World(world.catalogue, wait_max=0).services()
    assert use.waiting.granted(5) == 0


def test_for_what_has_ended_nobody_waits(world: World, use: Services, queued: Prediction) -> None:
    ended = queued.canceled(NOW)
    assert use.waiting.wait(ended, 5) is ended
    assert world.clock.slept == []


def test_it_ends_with_any_change_if_that_is_news(
    world: World, use: Services, queued: Prediction
) -> None:
    world.clock.meanwhile = lambda: world.results.claim(Job.of(queued), 2, world.clock())
    found = use.waiting.wait(queued, 5, lambda seen: seen.revision != queued.revision)
    assert found.status is Status.RUNNING
    assert len(world.clock.slept) == 1


def test_a_change_that_is_no_end_is_waited_over(
    world: World, use: Services, queued: Prediction
) -> None:
    world.results.claim(Job.of(queued), 2, NOW)
    assert use.waiting.wait(queued, 1).status is Status.RUNNING
    assert world.clock() == NOW + 1000


def test_what_is_told_late_or_not_at_all_does_not_undo_what_is_known(
    world: World, use: Services, queued: Prediction
) -> None:
    """Eventually consistent reads may know less than the one before them."""
    running = replace(queued, status=Status.RUNNING, changed_at=NOW + 9)
    assert use.waiting.wait(running, 1) == running
    world.memory.predictions.clear()
    assert use.waiting.wait(running, 1) == running


def test_a_table_that_is_down_meanwhile_is_no_error(
    world: World, use: Services, queued: Prediction
) -> None:
    world.memory.is_down = True
    assert use.waiting.wait(queued, 1) == queued

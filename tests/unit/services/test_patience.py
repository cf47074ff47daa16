"""When to ask again."""

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.figures import STALE, Figure
from chalicelib.services.patience import INTERVAL
from tests.samples import NOW
from tests.world import World


@pytest.mark.parametrize(
    ("queue_ms", "predict_ms", "seconds"),
    [(0, 0, 1), (3, 4, 1), (600, 400, 1), (600, 401, 2), (0, 5000, 5), (60_000, 1, 61)],
)
def test_it_is_the_wait_and_the_work_in_whole_seconds_and_at_least_one(
    world: World, use: Services, queue_ms: int, predict_ms: int, seconds: int
) -> None:
    world.figures.note("double", Figure(queue_ms, predict_ms, NOW))
    assert use.patience.retry_after("double") == seconds


def test_of_a_model_that_nothing_is_known_of_it_is_one(use: Services) -> None:
    assert use.patience.retry_after("double") == 1


@pytest.mark.parametrize(("age", "seconds"), [(STALE, 9), (STALE + 1, 1), (-2000, 9)])
def test_what_was_true_an_hour_ago_says_nothing(
    world: World, use: Services, age: int, seconds: int
) -> None:
    world.figures.note("double", Figure(9000, 0, NOW - age))
    assert use.patience.retry_after("double") == seconds


def test_a_table_that_is_down_is_no_error(world: World, use: Services) -> None:
    world.memory.is_down = True
    assert use.patience.retry_after("double") == 1


@pytest.mark.parametrize("is_down", [False, True])
def test_a_process_looks_once_in_ten_seconds_whatever_it_finds(
    world: World, use: Services, is_down: bool
) -> None:
    world.memory.is_down = is_down
    for _ in range(21):
        use.patience.retry_after("double")
        world.clock.advance(seconds=1)
    assert world.figures.asked == ["double"] * 3


def test_each_model_has_an_estimate_of_its_own_which_is_renewed(
    world: World, use: Services
) -> None:
    world.figures.note("double", Figure(9000, 0, NOW))
    assert [use.patience.retry_after(model) for model in ("double", "broken")] == [9, 1]
    world.figures.note("double", Figure(2000, 0, NOW))
    world.clock.advance(INTERVAL)
    assert use.patience.retry_after("double") == 2

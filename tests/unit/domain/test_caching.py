"""Entries of the result cache, and what identical inputs have in common."""

import pytest

from chalicelib.domain.caching import MOST_WAITERS, Entry, Waiter, key_of
from tests.samples import NOW

SECOND = NOW // 1000
WAITER = Waiter("1", "2", NOW)


@pytest.mark.parametrize(
    ("until", "now", "left"),
    [
        (SECOND + 3600, NOW, 3600),
        (SECOND + 1, NOW, 1),
        (SECOND + 1, NOW + 999, 1),
        (SECOND + 1, NOW + 1000, 0),
        (SECOND, NOW, 0),
        (SECOND - 9, NOW, 0),
    ],
)
def test_an_entry_is_good_for_so_many_seconds(until: int, now: int, left: int) -> None:
    assert Entry("1", (), 3600, until).left(now) == left


def test_one_more_than_a_hundred_may_not_wait() -> None:
    assert not Entry("1", (WAITER,) * 99, 1, 1).is_full
    assert Entry("1", (WAITER,) * MOST_WAITERS, 1, 1).is_full
    assert MOST_WAITERS == 100


@pytest.mark.parametrize(("output", "is_done"), [(None, False), ("null", True), ("", True)])
def test_any_output_is_a_result(output: str | None, is_done: bool) -> None:
    assert Entry("1", (), 1, 1, output=output).is_done is is_done


def test_identical_inputs_have_one_key() -> None:
    one = key_of("double", "1.0.0", {"n": 7, "m": [1]}, None)
    assert one == key_of("double", "1.0.0", {"m": [1.0], "n": 7.0}, None)


@pytest.mark.parametrize(
    ("model", "version", "n", "whose"),
    [
        ("triple", "1.0.0", 7, None),
        ("double", "1.0.1", 7, None),
        ("double", "1.0.0", 8, None),
        ("double", "1.0.0", True, None),
        ("double", "1.0.0", 7, "ada"),
        ("double", "1.0.0", 7, ""),
    ],
)
def test_another_model_version_input_or_owner_is_another_key(
    model: str, version: str, n: int, whose: str | None
) -> None:
    assert key_of(model, version, {"n": n}, whose) != key_of("double", "1.0.0", {"n": 7}, None)

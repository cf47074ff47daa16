"""Known and unknown addresses, asked in turn."""

from collections import Counter
from itertools import pairwise

import pytest

from chalicelib.domain.accounts.throttling import FREE
from infra.bench.telling import ACCOUNTS, SAMPLES, SORTS, apart, in_turn


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(40, 55, 1.0), (55, 40, 1.0), (20, 23, 0.2), (400, 420, 0.5), (30, 30, 0)],
)
def test_medians_are_apart_in_what_is_allowed(one: float, other: float, expected: float) -> None:
    assert apart(one, other) == pytest.approx(expected)


def test_both_sorts_are_asked_equally_often() -> None:
    asked = Counter(sort for sort, _ in in_turn(SAMPLES))

    assert asked == dict.fromkeys(SORTS, SAMPLES)


def test_each_sort_comes_after_each_about_equally_often() -> None:
    followed = Counter(pairwise(sort for sort, _ in in_turn(SAMPLES)))

    assert len(followed) == len(SORTS) ** 2
    assert max(followed.values()) - min(followed.values()) <= 1


def test_no_account_has_so_many_wrong_passwords_that_it_must_wait() -> None:
    wrong = Counter(in_turn(SAMPLES))

    assert len(wrong) == 2 * ACCOUNTS
    assert max(wrong.values()) < FREE

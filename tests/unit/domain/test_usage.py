from datetime import date

import pytest

from chalicelib.domain.predictions import Status
from chalicelib.domain.usage import Ended, Tally, is_reportable, span, tallies

TODAY = date(2026, 3, 1)


def test_the_parts_of_a_batch_add_up_before_they_are_rounded() -> None:
    ended = [Ended("ada", "double", Status.SUCCEEDED, 0.4) for _ in range(10)]
    assert tallies(ended) == [Tally("ada", "double", 10, 0, 4)]


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CANCELED])
def test_what_never_ran_is_not_counted(status: Status) -> None:
    assert tallies([Ended("ada", "double", status, 0)]) == []


def test_of_nothing_there_is_no_tally() -> None:
    assert tallies([]) == []


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, (date(2026, 1, 31), TODAY)),
        (None, date(2026, 2, 1), (date(2026, 1, 3), date(2026, 2, 1))),
        (date(2026, 2, 1), None, (date(2026, 2, 1), TODAY)),
        (None, date(1, 1, 3), (date.min, date(1, 1, 3))),
    ],
)
def test_a_report_covers_thirty_days_unless_it_says_otherwise(
    first: date | None, last: date | None, days: tuple[date, date]
) -> None:
    assert span(first, last, TODAY) == days


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (TODAY, TODAY, True),
        (date(2025, 11, 30), TODAY, True),
        (date(2025, 11, 29), TODAY, False),
        (date(2026, 3, 2), TODAY, False),
    ],
)
def test_a_report_is_of_one_to_ninety_two_days(first: date, last: date, fits: bool) -> None:
    assert is_reportable(first, last) is fits

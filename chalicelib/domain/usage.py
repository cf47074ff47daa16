"""What became of predictions, counted by user, model and UTC day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.predictions import Status

LONGEST = 92
"""Days that one report covers at most."""
USUAL = 30
"""Days of a report that nobody gave dates for."""
KEPT = 400 * 24 * 3600
"""Seconds: thirteen months, so that a year of usage is always whole."""


@dataclass(frozen=True)
class Ended:
    """One prediction that a worker ended; `share_ms` is its part of the time of its batch."""

    user_id: str
    model: str
    status: Status
    share_ms: float


@dataclass(frozen=True)
class Tally:
    """How a user's predictions of one model ended in one batch."""

    user_id: str
    model: str
    succeeded: int
    failed: int
    predict_ms: int


@dataclass(frozen=True)
class DayOfUse:
    """One user's day with one model: accepted on that day, and ended on that day."""

    date: date
    model: str
    accepted: int = 0
    succeeded: int = 0
    failed: int = 0
    predict_ms: int = 0


def tallies(ended: Iterable[Ended]) -> list[Tally]:
    """One for each user and model; what neither succeeded nor failed is not counted."""
    groups: defaultdict[tuple[str, str], list[Ended]] = defaultdict(list)
    for each in ended:
        if each.status in (Status.SUCCEEDED, Status.FAILED):
            groups[each.user_id, each.model].append(each)
    return [_tally(user_id, model, group) for (user_id, model), group in groups.items()]


def _tally(user_id: str, model: str, group: list[Ended]) -> Tally:
    succeeded = sum(each.status is Status.SUCCEEDED for each in group)
    predict_ms = round(sum(each.share_ms for each in group))
    return Tally(user_id, model, succeeded, len(group) - succeeded, predict_ms)


def span(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days of a report: the thirty until today, or until the last, unless it says otherwise."""
    last = last or today
    if first is None:
        room = (last - date.min).days  # no day is before the first of the calendar
        first = last - timedelta(days=min(USUAL - 1, room))
    return first, last


def is_reportable(first: date, last: date) -> bool:
    """Whether one report covers these days."""
    return 0 <= (last - first).days < LONGEST

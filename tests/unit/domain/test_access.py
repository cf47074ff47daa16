from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access import Grant, Policy, Usage, Window, require_room, windows
from chalicelib.domain.instants import epoch_ms
from chalicelib.errors import QuotaExceeded
from tests.samples import NOW, a_grant, a_user

GRANT = a_grant(a_user())
LIMITS = st.none() | st.integers(0, 50)
COUNTS = st.integers(0, 60)


def at(year: int, month: int, day: int, *time: int) -> int:
    midnight = datetime(year, month, day, tzinfo=UTC)
    hours, minutes, seconds = (*time, 0, 0, 0)[:3]
    return epoch_ms(midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds))


@pytest.mark.parametrize(
    ("now", "day_end", "month_end"),
    [
        (at(2026, 11, 23, 12), at(2026, 11, 24), at(2026, 12, 1)),
        (at(2026, 11, 30, 23, 59, 59), at(2026, 12, 1), at(2026, 12, 1)),
        (at(2026, 12, 31, 23, 59, 59), at(2027, 1, 1), at(2027, 1, 1)),
        (at(2027, 1, 1), at(2027, 1, 2), at(2027, 2, 1)),
        (at(2027, 2, 28, 1), at(2027, 3, 1), at(2027, 3, 1)),
        (at(2028, 2, 28, 1), at(2028, 2, 29), at(2028, 3, 1)),
        (at(2028, 2, 29, 1), at(2028, 3, 1), at(2028, 3, 1)),
        (at(2026, 1, 31), at(2026, 2, 1), at(2026, 2, 1)),
    ],
)
def test_limits_start_again_at_the_next_midnight_and_the_next_first(
    now: int, day_end: int, month_end: int
) -> None:
    daily, monthly = windows(GRANT, Usage(), now)
    assert (daily.reset, monthly.reset) == (day_end, month_end)


def test_today_is_held_against_the_daily_limit_and_all_days_against_the_monthly() -> None:
    grant = replace(GRANT, daily=5, monthly=9)
    daily, monthly = windows(grant, Usage(7, {22: 4, 23: 3}), NOW)
    assert (daily.used, daily.remaining) == (3, 2)
    assert (monthly.used, monthly.remaining) == (7, 2)


@given(LIMITS, COUNTS, st.integers(1, 20))
def test_what_has_room_stays_within_the_limit_and_what_has_none_would_pass_it(
    limit: int | None, used: int, units: int
) -> None:
    has_room = Window("daily", limit, used, NOW).has_room(units)
    assert has_room == (limit is None or used + units <= limit)


@given(st.integers(0, 50), COUNTS)
def test_what_remains_is_never_negative_and_is_just_what_has_room(limit: int, used: int) -> None:
    window = Window("daily", limit, used, NOW)
    assert window.remaining is not None
    assert window.remaining >= 0
    assert not window.has_room(window.remaining + 1)


def test_without_a_limit_any_number_remains() -> None:
    window = Window("daily", None, 10**9, NOW)
    assert window.remaining is None
    assert window.has_room(10**9)


def test_a_limit_of_zero_takes_nothing() -> None:
    with pytest.raises(QuotaExceeded):
        require_room(replace(GRANT, daily=0), Usage(), NOW)


@given(LIMITS, LIMITS, COUNTS, COUNTS)
def test_units_are_refused_exactly_when_a_limit_would_be_passed(
    daily: int | None, monthly: int | None, today: int, before: int
) -> None:
    grant, usage = replace(GRANT, daily=daily, monthly=monthly), Usage(before + today, {23: today})
    full = [
        name
        for name, limit, used in (("daily", daily, today), ("monthly", monthly, before + today))
        if limit is not None and used + 1 > limit
    ]
    if not full:
        require_room(grant, usage, NOW)
        return
    with pytest.raises(QuotaExceeded) as refusal:
        require_room(grant, usage, NOW)
    assert list(refusal.value.violated) == full
    assert refusal.value.facts == {"violated-policies": full}


@pytest.mark.parametrize(
    ("limits", "wait"),
    [
        ({"daily": 1}, 12 * 3600),
        ({"monthly": 1}, 12 * 3600 + 7 * 86400),
        ({"daily": 1, "monthly": 1}, 12 * 3600 + 7 * 86400),
    ],
)
def test_a_refusal_tells_the_seconds_to_the_last_reset(limits: dict[str, Any], wait: int) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        require_room(replace(GRANT, **limits), Usage(1, {23: 1}), NOW)
    assert refusal.value.retry_after == wait


@pytest.mark.parametrize(("before", "wait"), [(1, 1), (999, 1), (1001, 2)])
def test_the_wait_is_rounded_up_and_at_least_a_second(before: int, wait: int) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        require_room(replace(GRANT, daily=0), Usage(), at(2026, 11, 24) - before)
    assert refusal.value.retry_after == wait


def test_a_refusal_names_the_first_limit_in_words_that_the_seed_used() -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        require_room(replace(GRANT, monthly=0), Usage(), NOW)
    assert refusal.value.detail == "Monthly API call limit exceeded"


def test_a_grant_copies_the_limits_of_its_policy_and_has_no_end() -> None:
    policy = Policy(7, "trial", 1, 2, 3)
    assert Grant.under(policy, "somebody", "temperature", NOW) == Grant(
        "somebody", "temperature", 7, NOW, 1, 2, 3, None
    )


@pytest.mark.parametrize(("end", "is_live"), [(None, True), (NOW + 1, True), (NOW, False)])
def test_a_grant_is_live_until_its_end(end: int | None, is_live: bool) -> None:
    assert replace(GRANT, expires_at=end).is_live(NOW) is is_live

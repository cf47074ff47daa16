from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import day_of, epoch_ms, instant, iso, month_of


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (1_795_435_200_999, "2026-11-23T12:00:00.999Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
    ],
)
def test_an_instant_is_written_with_milliseconds_in_utc(ms: int, text: str) -> None:
    assert iso(ms) == text


@given(st.integers(0, epoch_ms(datetime(9999, 12, 31, tzinfo=UTC))))
def test_no_millisecond_is_lost_on_the_way_to_a_time_and_back(ms: int) -> None:
    assert epoch_ms(instant(ms)) == ms


def test_a_day_begins_at_midnight_in_utc() -> None:
    midnight = epoch_ms(datetime(2027, 1, 1, tzinfo=UTC))
    assert (month_of(midnight - 1), day_of(midnight - 1)) == ("2026-12", 31)
    assert (month_of(midnight), day_of(midnight)) == ("2027-01", 1)

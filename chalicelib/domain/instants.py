"""Instants are whole milliseconds since the epoch; days and months are UTC's."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime.fromtimestamp(0, UTC)


def instant(ms: int) -> datetime:
    """As an aware time, exact to the millisecond."""
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)


def epoch_ms(moment: datetime) -> int:
    """An aware time as an instant."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def iso(ms: int) -> str:
    """As RFC 3339 has it, with milliseconds and `Z`."""
    return instant(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def month_of(ms: int) -> str:
    """The month, as `2026-11`."""
    return f"{instant(ms):%Y-%m}"


def day_of(ms: int) -> int:
    """The day of the month."""
    return instant(ms).day

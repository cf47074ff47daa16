"""What became of the predictions of a user, by model and day."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.usage import DayOfUse, Tally


class UsageBook(Protocol):
    """Counts that say what happened; no quota is decided by them."""

    def note(self, tally: Tally, at: int) -> None:
        """Add to the day of this instant (ms); Unavailable, and perhaps not added."""
        ...

    def days(self, user_id: str, first: date, last: date) -> Sequence[DayOfUse]:
        """What there is of a user from the first to the last day, by day and model."""
        ...

"""What became of predictions: noted by the worker, reported by the API."""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.instants import instant
from chalicelib.domain.usage import LONGEST, DayOfUse, Ended, is_reportable, span, tallies
from chalicelib.errors import Invalid, Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.usage import UsageBook


class Metering:
    """The usage of users, by model and UTC day."""

    def __init__(self, book: UsageBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    def note(self, ended: Iterable[Ended]) -> None:
        """Count what ended just now: once a user and model, and nothing fails if it cannot be.

        The first that is not taken is the last that is tried, for time is short.
        """
        now = self._clock()
        for tally in tallies(ended):
            try:
                self._book.note(tally, now)
            except Unavailable as error:
                return logger.warning("usage not noted", model=tally.model, reason=str(error))

    def report(self, user_id: str, first: date | None, last: date | None) -> Sequence[DayOfUse]:
        """A user's days, in order; the last thirty unless it is said otherwise. Invalid."""
        first, last = span(first, last, instant(self._clock()).date())
        if not is_reportable(first, last):
            detail = f"From one day to the same or a later one, at most {LONGEST} days in all"
            finding = {"pointer": "/from", "detail": detail, "code": "span"}
            raise Invalid(f"/from: {detail}", errors=[finding])
        return self._book.days(user_id, first, last)

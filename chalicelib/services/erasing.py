"""Erasing what removed users had predicted, off every request's path."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.erasures import Erasure
from chalicelib.domain.predictions import ERASED, Prediction
from chalicelib.errors import NotFound
from chalicelib.observability import logger
from chalicelib.services.ending import Ending
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.erasures import Erasures
from chalicelib.services.ports.predictions import Predictions, Search

PAGE = 100
RESERVE_MS = 20_000
"""The least time that a page is begun with."""


@dataclass
class _Counts:
    erased: int = 0
    canceled: int = 0


class Erasing:
    """Each prediction of a removed user ends as by its own DELETE; what is metered stays.

    An erasure is asked for before its user is removed, and waits until they are: so no removal
    is without one, and nothing is erased of a user who is there. If they still are when their
    removal can only have failed, it is given up.

    Rows of batches and receipts of idempotency keys hold nothing of the user's but sizes, times
    and hashes, and stay. So do results in the cache: a shared one is found only by who sends the
    very same input, a private one by nobody any more, and both expire with their entry.
    """

    def __init__(
        self, users: Users, predictions: Predictions, erasures: Erasures, clock: Clock
    ) -> None:
        self._users = users
        self._predictions = predictions
        self._ending = Ending(predictions, clock)
        self._erasures = erasures
        self._clock = clock

    def work(self, erasure: Erasure, left_ms: Callable[[], int]) -> None:
        """As much as there is time for; what is left to do is asked for again.

        Unavailable when a table or the queue is: then it has to come again as it was.
        """
        now, counts = self._clock(), _Counts()
        if self._users.by_id(erasure.user_id):
            outcome = self._wait(erasure, now)
        else:
            outcome = self._erase(erasure.round(now), counts, left_ms)
        logger.info("erasure", user=erasure.user_id, outcome=outcome, **vars(counts))

    def _wait(self, erasure: Erasure, now: int) -> str:
        if erasure.is_settled(now):
            return "the user was not removed"
        self._erasures.ask(erasure, erasure.patience(now))
        return "the user is not removed yet"

    def _erase(self, erasure: Erasure, counts: _Counts, left_ms: Callable[[], int]) -> str:
        place = self._pages(erasure, counts, left_ms)
        if place:
            self._erasures.ask(erasure.from_place(place))
            return "to be continued"
        if erasure.is_last:
            return "finished"
        self._erasures.ask(erasure.once_more(), erasure.rest(self._clock()))
        return "to be repeated when nothing can come any more"

    def _pages(self, erasure: Erasure, counts: _Counts, left_ms: Callable[[], int]) -> str | None:
        """Erase page by page; the place to go on from when time is short, None at the end."""
        # At that instant everything is kept but what is erased: past its retention is not gone.
        everything = Search(erasure.user_id, now=ERASED, oldest_first=True)
        place = erasure.place
        while True:
            page = self._predictions.page(everything, PAGE, place)
            for prediction in page.items:
                self._end(prediction, counts)
            place = page.next
            if place is None or left_ms() < RESERVE_MS:
                return place

    def _end(self, prediction: Prediction, counts: _Counts) -> None:
        try:
            self._ending.erase(prediction)
        except NotFound:
            return  # its time had come: DynamoDB removed it
        counts.erased += 1
        counts.canceled += not prediction.status.is_terminal

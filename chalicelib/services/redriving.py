"""Asking once more for what was given up, in place of its owners."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.dead_letters import DeadLetter
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import Operation
from chalicelib.domain.redrives import Obstacle, Report
from chalicelib.errors import (
    AppError,
    Gone,
    Invalid,
    ModelDisabled,
    NoGrant,
    NotFound,
    QuotaExceeded,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from chalicelib.observability import logger
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.admitting import Asked
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.dead_letters import DeadLetters
from chalicelib.services.ports.predictions import Predictions
from chalicelib.services.retrying import Retrying

BUDGET = 20_000
"""Milliseconds after which no more is begun, so that the request is answered."""
PAGE = 100


REFUSALS: tuple[tuple[type[AppError], Obstacle], ...] = (
    (Unauthorized, Obstacle.NO_USER),
    (Gone, Obstacle.ERASED),
    (NoGrant, Obstacle.NO_GRANT),
    (NotFound, Obstacle.MODEL_NOT_FOUND),
    (ModelDisabled, Obstacle.MODEL_DISABLED),
    (QuotaExceeded, Obstacle.QUOTA_EXCEEDED),
    (Invalid, Obstacle.INVALID_INPUT),
    (TooLarge, Obstacle.INVALID_INPUT),
    (Unavailable, Obstacle.UNAVAILABLE),
)
"""What an acceptance may refuse with, the special before the general."""


class Redriving:
    """A redrive is a retry in place of the owner: counted, checked, and made at most once."""

    def __init__(
        self,
        letters: DeadLetters,
        predictions: Predictions,
        retrying: Retrying,
        audit: Auditing,
        clock: Clock,
    ) -> None:
        self._letters = letters
        self._predictions = predictions
        self._retrying = retrying
        self._audit = audit
        self._clock = clock

    def redrive(self, ids: Sequence[str], origin: Origin) -> Report:
        """Those of at most 100 ids whose prediction failed."""
        report, until = Report(), self._clock() + BUDGET
        found = self._letters.find(ids)
        for id in dict.fromkeys(ids):
            if self._clock() < until:
                self._note(report, id, found.get(id), origin)
            else:
                report.skipped[id] = Obstacle.NO_TIME
        return report

    def redrive_all(self, after: str | None, origin: Origin) -> Report:
        """All that are behind a place, as far as the time goes."""
        report, until = Report(), self._clock() + BUDGET
        for letter in self._behind(after):
            self._note(report, letter.id, letter, origin)
            if self._clock() >= until:
                return Report(report.redriven, report.skipped, letter.id)
        return report

    def purge(self, ids: Sequence[str], origin: Origin) -> Sequence[str]:
        """Forget dead letters and nothing else; those that there were."""
        gone = [id for id in dict.fromkeys(ids) if self._letters.remove(id)]
        for id in gone:
            self._audit.record(Event.LETTER_PURGED, origin, id)
        return gone

    def _behind(self, after: str | None) -> Iterator[DeadLetter]:
        place, is_last = after, False
        while not is_last:
            page = self._letters.page(PAGE, place)
            yield from page.items
            place, is_last = page.next, page.next is None

    def _note(self, report: Report, id: str, letter: DeadLetter | None, origin: Origin) -> None:
        """Redrive it, and tell what became of it."""
        made = self._redriven(letter) if letter else Obstacle.NOT_FOUND
        if isinstance(made, Obstacle):
            report.skipped[id] = made
            return
        report.redriven[id] = made.id
        self._audit.record(Event.LETTER_REDRIVEN, origin, id)

    def _redriven(self, letter: DeadLetter) -> Prediction | Obstacle:
        """The new prediction, or why there is none; either way nothing is made twice."""
        try:
            made = self._made(letter)
        except tuple(refusal for refusal, _ in REFUSALS) as error:
            return next(reason for refusal, reason in REFUSALS if isinstance(error, refusal))
        if isinstance(made, Prediction) or made is Obstacle.REDRIVEN:
            self._forget(letter)
        return made

    def _made(self, letter: DeadLetter) -> Prediction | Obstacle:
        if not letter.is_kept(self._clock()):  # and neither is what tells that it was redriven
            return Obstacle.NOT_FOUND
        source = self._predictions.glimpse(letter.id)
        if source is None:
            return Obstacle.NO_PREDICTION
        if source.status is not Status.FAILED:
            return Obstacle(source.status.value)
        # The key lives as long as the letter: however often it is redriven, one is made.
        asked = Asked(Operation.REDRIVE, key=letter.id, is_fresh=True, until=letter.until)
        retry = self._retrying.admit_owner(source, asked)
        if retry.admission.receipt:
            return Obstacle.REDRIVEN
        accepted = self._retrying.retry(retry)
        return Obstacle.REDRIVEN if accepted.is_replay else accepted.prediction

    def _forget(self, letter: DeadLetter) -> None:
        try:
            self._letters.remove(letter.id)
        except Unavailable as error:
            logger.warning("dead letter not removed", letter=letter.id, reason=str(error))

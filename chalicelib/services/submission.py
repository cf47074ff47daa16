"""Accepting predictions: one read, one transaction, one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.access import Grant
from chalicelib.domain.canonical import digest
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Json, Prediction
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.admitting import Admission, made_by
from chalicelib.services.caching import course
from chalicelib.services.inputs import require_fit, require_small
from chalicelib.services.ports.predictions import EntryMoved, JobQueue, KeyUsed, Predictions
from chalicelib.services.reading import Reading

DAY = 24 * 3600 * 1000
TRIES = 5


@dataclass(frozen=True)
class Order:
    """What is to be predicted, and how."""

    input: Json
    metadata: Mapping[str, Json] = field(default_factory=dict)
    expires_in: int | None = None
    """Seconds after which it is not started any more."""
    retry_of: str | None = None
    at: str = "/input"
    """The place of the input in the caller's body, as a JSON pointer."""

    @property
    def fingerprint(self) -> str:
        """The same for what asks for the same."""
        return digest(self.input, dict(self.metadata), self.expires_in, self.retry_of)


@dataclass(frozen=True)
class Accepted:
    """A prediction as a submission leaves it."""

    prediction: Prediction
    is_replay: bool = False
    """Whether the same request had made it before; it cost nothing again."""
    fresh_for: int | None = None
    """Seconds that the result from the cache is good for; None for one that is not from there."""


class Submission:
    """The way in for one prediction."""

    def __init__(
        self, reading: Reading, predictions: Predictions, queue: JobQueue, joining_seconds: int
    ) -> None:
        self._reading = reading
        self._predictions = predictions
        self._queue = queue
        self._joining = joining_seconds

    def submit(self, admission: Admission, order: Order) -> Accepted:
        """Accept a prediction or say why not; an accepted one is stored before it is queued."""
        require_fit(admission.spec, order.input, order.at)
        require_small(order.metadata)
        fingerprint = order.fingerprint if admission.receipt_key else ""
        if made := admission.earlier(fingerprint):
            return self._again(admission, made)
        admission.require_open()
        try:
            return self._accept(admission, order, fingerprint)
        except KeyUsed as used:
            return self._again(admission, made_by(used.receipt, fingerprint))

    def _again(self, admission: Admission, made: str) -> Accepted:
        """What this request made before, as it is now."""
        found = self._reading.own(admission.grant.user_id, made)
        return Accepted(found, is_replay=True)

    def _accept(self, admission: Admission, order: Order, fingerprint: str) -> Accepted:
        """Decide anew as long as the cache entry is another one than it was decided by.

        With an id of its own each time: DynamoDB would refuse another transaction of the same.
        """
        entry = admission.entry
        for _ in range(TRIES):
            prediction = queued(admission, order)
            receipt = admission.receipt_of(fingerprint, prediction.id)
            taken = course(admission, prediction, entry, self._joining)
            try:
                self._predictions.accept(
                    taken.prediction, admission.grant, receipt=receipt, part=taken.part
                )
            except EntryMoved as moved:
                entry = moved.entry
                continue
            if taken.needs_worker:
                self._send(taken.prediction, admission.spec.worker)
            return Accepted(taken.prediction, fresh_for=taken.fresh_for)
        raise Unavailable("Too many ask the same at once, try again", retry_after=1)

    def _send(self, prediction: Prediction, worker: str) -> None:
        """Queue it; a row that could not be queued is re-sent by the sweeper."""
        try:
            self._queue.send(Job.of(prediction), worker)
        except Unavailable as error:
            logger.warning("not queued yet", prediction_id=prediction.id, reason=str(error))


def queued(
    admission: Admission, order: Order, id: str | None = None, batch_id: str | None = None
) -> Prediction:
    """A new prediction of what was ordered, by itself or in a batch."""
    spec, grant, now = admission.spec, admission.grant, admission.now
    return Prediction(
        id=id or uuid7(now),
        user_id=grant.user_id,
        model=spec.name,
        version=spec.version,
        requested_version=spec.version,
        input=order.input,
        created_at=now,
        changed_at=now,
        retained_until=retained_until(grant, now),
        cache="bypass" if spec.cache else None,
        batch_id=batch_id,
        expires_at=None if order.expires_in is None else now + order.expires_in * 1000,
        metadata=order.metadata,
        retry_of=order.retry_of,
    )


def retained_until(grant: Grant, now: int) -> int:
    """The end of the retention of what is accepted now."""
    return now + grant.retention_days * DAY

"""Accepting many predictions at once: one read, one transaction, then rows and messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.batches import Batch, are_done, member_id
from chalicelib.domain.canonical import digest
from chalicelib.domain.ids import instant_of, uuid7
from chalicelib.domain.predictions import Job, Json, Prediction
from chalicelib.errors import BatchUnfinished, Invalid, TooLarge, Unavailable
from chalicelib.inference.registry import Spec
from chalicelib.observability import logger
from chalicelib.services.admitting import Admission, made_by
from chalicelib.services.inputs import require_fit
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import JobQueue, KeyUsed, Predictions
from chalicelib.services.submission import Order, queued, retained_until
from chalicelib.services.validation import MOST_FINDINGS

GROUP = 100
"""Predictions that are stored, and then queued, together."""

FINDINGS_OF_ONE = 3
"""That one input's refusal tells: a function answers 6 MB at most, and a thousand may be wrong."""

Refusals = dict[int, Invalid | TooLarge]
"""Why an input was not accepted, by its place."""


@dataclass(frozen=True)
class AcceptedBatch:
    """A batch as a submission leaves it."""

    batch: Batch
    refusals: Refusals
    of: int
    """How many inputs there were."""
    is_replay: bool = False
    is_done: bool = False

    def ids(self) -> Iterator[str | None]:
        """The prediction of each input, or None of one that was not accepted."""
        for place in range(self.of):
            yield None if place in self.refusals else member_id(self.batch.id, place)


class Batching:
    """The way in for many predictions."""

    def __init__(self, predictions: Predictions, queue: JobQueue, clock: Clock) -> None:
        self._predictions = predictions
        self._queue = queue
        self._clock = clock

    def submit(self, admission: Admission, inputs: Sequence[Json]) -> AcceptedBatch:
        """Accept the inputs that fit, or say why not; without room for all of those, none.

        Unavailable after it was counted: what was stored runs, and its key finds the batch.
        """
        refusals = _refusals(admission.spec, inputs)
        if len(refusals) == len(inputs):
            raise _none_fits(refusals)
        fingerprint = digest(list(inputs)) if admission.receipt_key else ""
        if made := admission.earlier(fingerprint):
            return self._again(_batch(admission, inputs, refusals, made), refusals, len(inputs))
        admission.require_open(len(inputs) - len(refusals))
        batch = _batch(admission, inputs, refusals, uuid7(admission.now))
        receipt = admission.receipt_of(fingerprint, batch.id)
        try:
            self._predictions.accept_batch(batch, admission.grant, receipt=receipt)
        except KeyUsed as used:
            made = made_by(used.receipt, fingerprint)
            return self._again(_batch(admission, inputs, refusals, made), refusals, len(inputs))
        self._store(admission, batch, inputs, refusals)
        return AcceptedBatch(batch, refusals, len(inputs))

    def _again(self, batch: Batch, refusals: Refusals, of: int) -> AcceptedBatch:
        """What this request made before; BatchUnfinished while that is being stored."""
        found = self._predictions.counts(batch.id)
        if sum(found.values()) < batch.size and batch.is_young(self._clock()):
            raise BatchUnfinished
        counts = batch.counts(found, self._clock())
        return AcceptedBatch(batch, refusals, of, is_replay=True, is_done=are_done(counts))

    def _store(
        self, admission: Admission, batch: Batch, inputs: Sequence[Json], refusals: Refusals
    ) -> None:
        """A hundred after the other, so that the first are run while the last are stored.

        Where the table does not take a whole hundred, it is not asked for the next.
        """
        members = [
            queued(admission, Order(value), member_id(batch.id, place), batch.id)
            for place, value in enumerate(inputs)
            if place not in refusals
        ]
        for at in range(0, len(members), GROUP):
            lost = self._store_group(members[at : at + GROUP], admission.spec.worker)
            if not lost:
                continue
            lost += len(members[at + GROUP :])
            raise Unavailable(
                f"{lost} of {batch.size} predictions of batch {batch.id} could not be stored; "
                "the others run",
                retry_after=1,
            )

    def _store_group(self, members: Sequence[Prediction], worker: str) -> int:
        """The rows, then the messages of those that have one; how many have none.

        What could not be queued is re-sent by the sweeper.
        """
        lost = {each.id for each in self._predictions.store(members)}
        jobs = [Job.of(each) for each in members if each.id not in lost]
        if left := self._queue.send_all(jobs, worker):
            logger.warning("not queued yet", batch_id=members[0].batch_id, count=len(left))
        return len(lost)


def _batch(admission: Admission, inputs: Sequence[Json], refusals: Refusals, id: str) -> Batch:
    created_at = instant_of(id)
    return Batch(
        id=id,
        user_id=admission.grant.user_id,
        model=admission.spec.name,
        size=len(inputs) - len(refusals),
        created_at=created_at,
        retained_until=retained_until(admission.grant, created_at),
    )


def _refusals(spec: Spec, inputs: Sequence[Json]) -> Refusals:
    found: Refusals = {}
    for place, value in enumerate(inputs):
        try:
            require_fit(spec, value, f"/inputs/{place}")
        except (Invalid, TooLarge) as refusal:
            found[place] = _briefly(refusal)
    return found


def _briefly(refusal: Invalid | TooLarge) -> Invalid | TooLarge:
    if isinstance(refusal, TooLarge):
        return refusal
    return Invalid(str(refusal.detail), errors=refusal.errors[:FINDINGS_OF_ONE])


def _none_fits(refusals: Refusals) -> Invalid:
    """All that is wrong, as one refusal."""
    told = [finding for place, each in refusals.items() for finding in _findings(place, each)]
    return Invalid("None of the inputs can be accepted", errors=told[:MOST_FINDINGS])


def _findings(place: int, refusal: Invalid | TooLarge) -> Sequence[Mapping[str, str]]:
    if isinstance(refusal, Invalid):
        return refusal.errors
    return [{"pointer": f"/inputs/{place}", "detail": str(refusal.detail), "code": refusal.code}]

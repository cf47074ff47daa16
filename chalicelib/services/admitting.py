"""Who may submit: the first read of a submission, and the order of its refusals."""

from dataclasses import dataclass, replace

from chalicelib.domain import caching, receipts
from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.caching import Entry
from chalicelib.domain.instants import month_of
from chalicelib.domain.predictions import Json, Prediction
from chalicelib.domain.receipts import Operation, Receipt
from chalicelib.errors import Gone, KeyReused, ModelDisabled, NoGrant, Unauthorized
from chalicelib.inference.catalogue import Catalogue, unknown_model
from chalicelib.inference.registry import Spec
from chalicelib.services.accounts.authentication import Authentication
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.reading import Reader, Snapshot, Wanted


@dataclass(frozen=True)
class Asked:
    """What a request is about, as far as it can be told before it is checked."""

    operation: Operation = Operation.SUBMIT
    input: Json = None
    """None where it cannot be read yet, or there are many."""
    key: str | None = None
    """The caller's own, for this request and its repetitions."""
    source: str | None = None
    """The prediction that is retried."""
    is_fresh: bool = False
    """Whether no result may be an earlier one's."""
    until: int | None = None
    """Until when (s since the epoch) the key is remembered, if not as long as usual."""


@dataclass(frozen=True)
class Admission:
    """A user who may use a model, as one read found it."""

    spec: Spec
    grant: Grant
    usage: Usage
    is_disabled: bool
    now: int
    """When it was read: `usage` is of this instant's month, and the submission counts in it."""
    receipt_key: str | None = None
    receipt: Receipt | None = None
    receipt_until: int | None = None
    """In seconds since the epoch, if not as long as usual."""
    entry_key: str | None = None
    entry: Entry | None = None

    def earlier(self, fingerprint: str) -> str | None:
        """What the same request made before; KeyReused if the key came with another body."""
        return made_by(self.receipt, fingerprint) if self.receipt else None

    def receipt_of(self, fingerprint: str, made: str) -> Receipt | None:
        """What is kept of this request if it has a key."""
        if self.receipt_key is None:
            return None
        until = self.receipt_until or self.now // 1000 + receipts.KEPT
        return Receipt(self.receipt_key, fingerprint, made, until)

    def require_open(self, units: int = 1) -> None:
        """ModelDisabled, then QuotaExceeded."""
        if self.is_disabled:
            raise ModelDisabled(f"The model {self.spec.name} is switched off", retry_after=60)
        require_room(self.grant, self.usage, self.now, units)


class Admitting:
    """The way in for whatever costs quota."""

    def __init__(
        self, authentication: Authentication, reader: Reader, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._authentication = authentication
        self._reader = reader
        self._catalogue = catalogue
        self._clock = clock

    def admit(self, credential: Credential, model: str, asked: Asked | None = None) -> Admission:
        """The caller with a live grant: Unauthorized, then NotFound, then NoGrant."""
        now, asked = self._clock(), asked or Asked()
        spec = self._catalogue.get(model)
        wanted = _wanted(credential.user_id, spec, asked, now) if spec else Wanted()
        _, found = self._authentication.look(credential, wanted, Scope.PREDICTIONS_WRITE)
        if spec is None:
            raise unknown_model(model)
        return _admission(spec, asked, wanted, found, now)

    def admit_owner(self, source: Prediction, asked: Asked) -> Admission:
        """The owner of a prediction, who is not there to ask.

        NotFound of its model, Unauthorized of its owner, Gone if it was erased, then NoGrant.
        """
        now, spec = self._clock(), self._catalogue.find(source.model)
        wanted = _wanted(source.user_id, spec, asked, now)
        found = self._reader.situation(source.user_id, replace(wanted, prediction=source.id))
        if found.user is None or not found.user.is_active:
            raise Unauthorized
        if found.prediction is None or not found.prediction.is_kept(now):
            raise Gone
        return _admission(spec, asked, wanted, found, now)


def made_by(receipt: Receipt, fingerprint: str) -> str:
    """What the request of a receipt made; KeyReused if its body was another."""
    if receipt.fingerprint != fingerprint:
        raise KeyReused
    return receipt.made


def _wanted(user_id: str, spec: Spec, asked: Asked, now: int) -> Wanted:
    """A user's grant and usage, and what was kept of the same request, or the same input."""
    subject = asked.source or spec.name
    return Wanted(
        models=(spec.name,),
        month=month_of(now),
        receipt=asked.key and receipts.key_of(user_id, asked.operation, subject, asked.key),
        entry=_entry_key(user_id, spec, asked),
    )


def _entry_key(user_id: str, spec: Spec, asked: Asked) -> str | None:
    if spec.cache is None or asked.is_fresh or asked.input is None:
        return None
    whose = user_id if spec.cache.private else None
    try:
        return caching.key_of(spec.name, spec.version, asked.input, whose)
    except ValueError:  # of a number that will be refused
        return None


def _admission(spec: Spec, asked: Asked, wanted: Wanted, found: Snapshot, now: int) -> Admission:
    grant = found.grants.get(spec.name)
    if grant is None or not grant.is_live(now):
        raise NoGrant
    receipt = found.receipt
    return Admission(
        spec,
        grant,
        found.usage.get(spec.name, Usage()),
        spec.name in found.disabled,
        now,
        wanted.receipt,
        receipt if receipt and receipt.is_kept(now) else None,
        asked.until,
        wanted.entry,
        found.entry,
    )

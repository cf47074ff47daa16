"""Accepting predictions: one read, one transaction, one message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import month_of
from chalicelib.domain.predictions import Job, Json, Prediction
from chalicelib.errors import Invalid, ModelDisabled, NoGrant, TooLarge, Unavailable
from chalicelib.inference.catalogue import Catalogue, unknown_model
from chalicelib.inference.registry import Spec
from chalicelib.observability import logger
from chalicelib.services.accounts.authentication import Authentication
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import JobQueue, Predictions
from chalicelib.services.ports.reading import Snapshot, Wanted
from chalicelib.services.validation import invalid

INPUT_LIMIT = 128 * 1024
METADATA_LIMIT = 4 * 1024
METADATA_KEYS = 16
DAY = 24 * 3600 * 1000


@dataclass(frozen=True)
class Admission:
    """A caller who may use a model, as one read found it."""

    caller: Caller
    spec: Spec
    grant: Grant
    usage: Usage
    is_disabled: bool
    now: int
    """When it was read: `usage` is of this instant's month, and the submission counts in it."""


class Submission:
    """The way in for predictions."""

    def __init__(
        self,
        authentication: Authentication,
        predictions: Predictions,
        queue: JobQueue,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._authentication = authentication
        self._predictions = predictions
        self._queue = queue
        self._catalogue = catalogue
        self._clock = clock

    def admit(self, credential: Credential, model: str) -> Admission:
        """The caller with a live grant: Unauthorized, then NotFound, then NoGrant."""
        now = self._clock()
        spec = self._catalogue.get(model)
        wanted = Wanted(models=(spec.name,), month=month_of(now)) if spec else Wanted()
        caller, found = self._authentication.look(credential, wanted, Scope.PREDICTIONS_WRITE)
        if spec is None:
            raise unknown_model(model)
        return _admission(caller, spec, found, now)

    def submit(
        self,
        admission: Admission,
        payload: Json,
        metadata: Mapping[str, Json] | None = None,
        at: str = "/input",
        *,
        expires_in: int | None = None,
        retry_of: str | None = None,
    ) -> Prediction:
        """Accept a prediction or say why not; an accepted one is stored before it is queued.

        `at` is the place of the input in the caller's body, as a JSON pointer; after `expires_in`
        seconds it is not started any more.
        """
        spec, grant = admission.spec, admission.grant
        _require_fit(spec, payload, at)
        _require_small(metadata or {})
        if admission.is_disabled:
            raise ModelDisabled(f"The model {spec.name} is switched off", retry_after=60)
        require_room(grant, admission.usage, admission.now)
        prediction = replace(
            _queued(spec, grant, payload, metadata or {}, admission.now),
            expires_at=None if expires_in is None else admission.now + expires_in * 1000,
            retry_of=retry_of,
        )
        self._predictions.accept(prediction, grant)
        self._send(prediction, spec.worker)
        return prediction

    def _send(self, prediction: Prediction, worker: str) -> None:
        """Queue it; a row that could not be queued is re-sent by the sweeper."""
        try:
            self._queue.send(Job.of(prediction), worker)
        except Unavailable as error:
            logger.warning("not queued yet", prediction_id=prediction.id, reason=str(error))


def _admission(caller: Caller, spec: Spec, found: Snapshot, now: int) -> Admission:
    grant = found.grants.get(spec.name)
    if grant is None or not grant.is_live(now):
        raise NoGrant
    usage = found.usage.get(spec.name, Usage())
    return Admission(caller, spec, grant, usage, spec.name in found.disabled, now)


def _queued(
    spec: Spec, grant: Grant, payload: Json, metadata: Mapping[str, Json], now: int
) -> Prediction:
    return Prediction(
        id=uuid7(now),
        user_id=grant.user_id,
        model=spec.name,
        version=spec.version,
        requested_version=spec.version,
        input=payload,
        created_at=now,
        changed_at=now,
        retained_until=now + grant.retention_days * DAY,
        metadata=metadata,
    )


def _require_fit(spec: Spec, payload: Json, at: str) -> None:
    text = _json(payload, at)
    if len(text.encode()) > INPUT_LIMIT:
        raise TooLarge(f"An input has at most {INPUT_LIMIT // 1024} KB as JSON")
    try:
        spec.input_type.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise invalid(error, at) from None


def _require_small(metadata: Mapping[str, Json]) -> None:
    if (
        len(metadata) > METADATA_KEYS
        or len(_json(dict(metadata), "/metadata").encode()) > METADATA_LIMIT
    ):
        limits = f"at most {METADATA_KEYS} keys and {METADATA_LIMIT // 1024} KB"
        raise TooLarge(f"metadata has {limits}")


def _json(value: Json, at: str) -> str:
    """Its JSON text; a number beyond a double's range was read as infinite and is refused."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        detail = "Input should hold finite numbers only"
        finding = {"pointer": at, "detail": detail, "code": "finite_number"}
        raise Invalid(f"{at or '/'}: {detail}", errors=[finding]) from None

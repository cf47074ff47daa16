"""Asking once more for what ended without an output."""

from dataclasses import dataclass, replace

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.predictions import RETRYABLE, Prediction
from chalicelib.errors import Conflict, Forbidden
from chalicelib.services.admitting import Admission, Admitting, Asked
from chalicelib.services.reading import Reading
from chalicelib.services.submission import Accepted, Order, Submission


@dataclass(frozen=True)
class Retry:
    """A prediction that its owner may ask for once more."""

    source: Prediction
    admission: Admission


class Retrying:
    """A retry is a submit of the same input, counted and checked as one."""

    def __init__(self, reading: Reading, admitting: Admitting, submission: Submission) -> None:
        self._reading = reading
        self._admitting = admitting
        self._submission = submission

    def admit(
        self, credential: Credential, prediction_id: str, asked: Asked | None = None
    ) -> Retry:
        """Refusals as of a read, then Conflict, then those of a submit."""
        caller, source = self._reading.seen(credential, prediction_id, Scope.PREDICTIONS_WRITE)
        if source.user_id != caller.user.id:
            raise Forbidden("Only its owner can retry a prediction")
        if source.status not in RETRYABLE:
            wanted = "Only a failed, canceled or expired prediction can be retried"
            raise Conflict(f"{wanted}; this one is {source.status}")
        asked = replace(asked or Asked(), input=source.input, source=source.id)
        return Retry(source, self._admitting.admit(credential, source.model, asked))

    def admit_owner(self, source: Prediction, asked: Asked) -> Retry:
        """The same for an owner who is not there to ask; refusals as of their admission."""
        asked = replace(asked, input=source.input, source=source.id)
        return Retry(source, self._admitting.admit_owner(source, asked))

    def retry(self, retry: Retry) -> Accepted:
        """A new prediction of the model's present version; the old one stays as it is."""
        source = retry.source
        order = Order(source.input, source.metadata, retry_of=source.id)
        return self._submission.submit(retry.admission, order)

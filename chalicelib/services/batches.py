"""Reading batches: how many of their predictions stand how, and which these are."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.batches import Batch, are_done
from chalicelib.domain.ids import is_prediction_id
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.errors import Gone, NotFound
from chalicelib.services.accounts.authentication import Authentication
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Predictions, Search
from chalicelib.services.ports.reading import Wanted


@dataclass(frozen=True)
class Progress:
    """A batch, and how far it is."""

    batch: Batch
    counts: Mapping[Status, int]

    @property
    def is_done(self) -> bool:
        """Whether nothing in it can change any more."""
        return are_done(self.counts)


class Batches:
    """Three calls: who asks and the batch, what there is of it, and a page."""

    def __init__(
        self, authentication: Authentication, predictions: Predictions, clock: Clock
    ) -> None:
        self._authentication = authentication
        self._predictions = predictions
        self._clock = clock

    def find(self, credential: Credential, batch_id: str) -> Batch:
        """The caller's batch; another's does not exist for them, a superuser sees all."""
        known = batch_id if is_prediction_id(batch_id) else None
        wanted = Wanted(batch=known)
        caller, found = self._authentication.look(credential, wanted, Scope.PREDICTIONS_READ)
        batch = found.batch
        if batch is None or not (caller.is_superuser or batch.user_id == caller.user.id):
            raise NotFound
        if not batch.is_kept(self._clock()):
            raise Gone("The retention of this batch has ended")
        return batch

    def progress(self, batch: Batch) -> Progress:
        """How far it is."""
        return Progress(batch, batch.counts(self._predictions.counts(batch.id), self._clock()))

    def page(self, batch: Batch, limit: int, after: str | None) -> Page[Prediction]:
        """Its predictions, in the order of the inputs."""
        search = Search(batch.user_id, self._clock(), batch_id=batch.id, oldest_first=True)
        return self._predictions.page(search, limit, after)

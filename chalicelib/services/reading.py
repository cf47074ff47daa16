"""Reading predictions and the catalogue, as their caller may see them."""

from dataclasses import dataclass

from chalicelib.domain.access import Grant, Usage, Window, windows
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.ids import instant_of, is_prediction_id
from chalicelib.domain.instants import month_of
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.errors import Forbidden, Gone, NotFound
from chalicelib.inference.catalogue import Catalogue, unknown_model
from chalicelib.inference.registry import Spec
from chalicelib.services.accounts.authentication import Authentication
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Predictions, Search
from chalicelib.services.ports.reading import Reader, Wanted

LONGEST_RETENTION = 400 * 24 * 3600 * 1000
"""After this (ms) nothing is kept by any policy, so an id that carries such a time is gone."""

ModelView = tuple[Spec, Grant | None, tuple[Window, Window] | None, bool]
"""A model, the caller's grant, what is left of it, and whether the model is switched off."""


@dataclass(frozen=True)
class Filters:
    """Which predictions are wanted; None is any, `user_id` None the caller's own."""

    model: str | None = None
    """Its name or its id."""
    status: Status | None = None
    batch_id: str | None = None
    created_after: int | None = None
    user_id: str | None = None


class Reading:
    """One call each."""

    def __init__(
        self,
        authentication: Authentication,
        reader: Reader,
        predictions: Predictions,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._authentication = authentication
        self._reader = reader
        self._predictions = predictions
        self._catalogue = catalogue
        self._clock = clock

    def prediction(self, credential: Credential, prediction_id: str) -> Prediction:
        """The caller's prediction; another's does not exist for them, a superuser sees all."""
        return self.seen(credential, prediction_id, Scope.PREDICTIONS_READ)[1]

    def endable(self, credential: Credential, prediction_id: str) -> Prediction:
        """The same, for those who may end it."""
        return self.seen(credential, prediction_id, Scope.PREDICTIONS_WRITE)[1]

    def seen(
        self, credential: Credential, prediction_id: str, scope: Scope
    ) -> tuple[Caller, Prediction]:
        """The prediction, and who sees it; an API key needs that scope."""
        known = prediction_id if is_prediction_id(prediction_id) else None
        caller, found = self._authentication.look(credential, Wanted(prediction=known), scope)
        if found.prediction and not _may_see(caller, found.prediction):
            raise NotFound
        return caller, self._kept(known, found.prediction)

    def own(self, user_id: str, prediction_id: str) -> Prediction:
        """What a user, who was let in before, is known to have made."""
        found = self._reader.situation(user_id, Wanted(prediction=prediction_id))
        return self._kept(prediction_id, found.prediction)

    def require_kept(self, prediction: Prediction) -> None:
        """Gone if it was erased or its retention has ended."""
        if prediction.is_erased:
            raise Gone("This prediction was erased")
        if not prediction.is_kept(self._clock()):
            raise Gone("The retention of this prediction has ended")

    def lister(self, credential: Credential) -> Caller:
        """Anybody who may read predictions."""
        return self._authentication.look(credential, Wanted(), Scope.PREDICTIONS_READ)[0]

    def page(
        self, caller: Caller, wanted: Filters, limit: int, after: str | None
    ) -> Page[Prediction]:
        """The caller's predictions, the newest first; a superuser may ask for anybody's."""
        if wanted.user_id is not None and not caller.is_superuser:
            raise Forbidden("Only superusers list the predictions of a user")
        spec = self._catalogue.get(wanted.model) if wanted.model else None
        search = Search(
            user_id=wanted.user_id or caller.user.id,
            now=self._clock(),
            model=spec.name if spec else wanted.model,
            status=wanted.status,
            batch_id=wanted.batch_id,
            created_after=wanted.created_after,
        )
        return self._predictions.page(search, limit, after)

    def models(self, credential: Credential) -> list[ModelView]:
        """Every model, with the caller's grant and quota."""
        return self._views(credential, list(self._catalogue))

    def model(self, credential: Credential, reference: str) -> ModelView:
        """One model, by name or id; NotFound comes after Unauthorized."""
        spec = self._catalogue.get(reference)
        views = self._views(credential, [spec] if spec else [])
        if not views:
            raise unknown_model(reference)
        return views[0]

    def _views(self, credential: Credential, specs: list[Spec]) -> list[ModelView]:
        now = self._clock()
        wanted = Wanted(models=tuple(spec.name for spec in specs), month=month_of(now))
        _, found = self._authentication.look(credential, wanted, Scope.MODELS_READ)
        views: list[ModelView] = []
        for spec in specs:
            grant = found.grants.get(spec.name)
            grant = grant if grant and grant.is_live(now) else None
            usage = found.usage.get(spec.name, Usage())
            left = windows(grant, usage, now) if grant else None
            views.append((spec, grant, left, spec.name in found.disabled))
        return views

    def _kept(self, prediction_id: str | None, found: Prediction | None) -> Prediction:
        if found is None:
            raise self._absent(prediction_id)
        self.require_kept(found)
        return found

    def _absent(self, prediction_id: str | None) -> NotFound | Gone:
        if prediction_id and instant_of(prediction_id) < self._clock() - LONGEST_RETENTION:
            return Gone("The retention of this prediction has ended")
        return NotFound()


def _may_see(caller: Caller, prediction: Prediction) -> bool:
    return caller.is_superuser or prediction.user_id == caller.user.id

"""Reading predictions and the catalogue, as their caller may see them."""

from chalicelib.domain.access import Grant, Usage, Window, windows
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.ids import instant_of, is_prediction_id
from chalicelib.domain.instants import month_of
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import Gone, NotFound
from chalicelib.inference.catalogue import Catalogue, unknown_model
from chalicelib.inference.registry import Spec
from chalicelib.services.accounts.authentication import Authentication
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.reading import Wanted

LONGEST_RETENTION = 400 * 24 * 3600 * 1000
"""After this (ms) nothing is kept by any policy, so an id that carries such a time is gone."""

ModelView = tuple[Spec, Grant | None, tuple[Window, Window] | None, bool]
"""A model, the caller's grant, what is left of it, and whether the model is switched off."""


class Reading:
    """One call each."""

    def __init__(self, authentication: Authentication, catalogue: Catalogue, clock: Clock) -> None:
        self._authentication = authentication
        self._catalogue = catalogue
        self._clock = clock

    def prediction(self, credential: Credential, prediction_id: str) -> Prediction:
        """The caller's prediction; another's does not exist for them, a superuser sees all."""
        known = prediction_id if is_prediction_id(prediction_id) else None
        caller, found = self._authentication.look(
            credential, Wanted(prediction=known), Scope.PREDICTIONS_READ
        )
        if found.prediction is None:
            raise self._absent(known)
        if not _may_see(caller, found.prediction):
            raise NotFound
        if found.prediction.retained_until <= self._clock():
            raise Gone("The retention of this prediction has ended")
        return found.prediction

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

    def _absent(self, prediction_id: str | None) -> NotFound | Gone:
        if prediction_id and instant_of(prediction_id) < self._clock() - LONGEST_RETENTION:
            return Gone("The retention of this prediction has ended")
        return NotFound()


def _may_see(caller: Caller, prediction: Prediction) -> bool:
    return caller.is_superuser or prediction.user_id == caller.user.id

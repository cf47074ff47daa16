"""The first call of a request: who is calling, and what else its route must know."""

from chalicelib.api import wiring
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.users import Caller, Claims
from chalicelib.services.reading import ModelView
from chalicelib.services.submission import Admission


def caller(claims: Claims, **_: str) -> Caller:
    """Any living user."""
    return wiring.services().authentication.caller(claims)


def superuser(claims: Claims, **_: str) -> Caller:
    """A superuser."""
    return wiring.services().authentication.superuser(claims)


def submitter(claims: Claims, model: str) -> Admission:
    """A user who may use the model."""
    return wiring.services().submission.admit(claims, model)


def reader(claims: Claims, prediction_id: str) -> Prediction:
    """A prediction that the caller may see."""
    return wiring.services().reading.prediction(claims, prediction_id)


def models(claims: Claims) -> list[ModelView]:
    """Every model, as the caller may use it."""
    return wiring.services().reading.models(claims)


def model(claims: Claims, model: str) -> ModelView:
    """One model, as the caller may use it."""
    return wiring.services().reading.model(claims, model)

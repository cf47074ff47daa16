"""The first call of a request: who is calling, and what else its route must know."""

from chalicelib.api import wiring
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import canonical
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import NotFound
from chalicelib.services.ports.reading import Wanted
from chalicelib.services.reading import ModelView
from chalicelib.services.submission import Admission


def caller(credential: Credential, **_: str) -> Caller:
    """Any living user who signed in."""
    return wiring.services().authentication.caller(credential)


def superuser(credential: Credential, **_: str) -> Caller:
    """A superuser."""
    return wiring.services().authentication.superuser(credential)[0]


def administrator(credential: Credential, user_id: str) -> tuple[Caller, User]:
    """A superuser, and the user that they administer."""
    wanted = Wanted(user=canonical(user_id))
    caller, found = wiring.services().authentication.superuser(credential, wanted)
    if found.other is None:
        raise NotFound
    return caller, found.other


def predictor(credential: Credential) -> Caller:
    """Anybody who may ask for predictions, if not of which model."""
    authentication = wiring.services().authentication
    return authentication.look(credential, Wanted(), Scope.PREDICTIONS_WRITE)[0]


def submitter(credential: Credential, model: str) -> Admission:
    """A user who may use the model."""
    return wiring.services().submission.admit(credential, model)


def reader(credential: Credential, prediction_id: str) -> Prediction:
    """A prediction that the caller may see."""
    return wiring.services().reading.prediction(credential, prediction_id)


def models(credential: Credential) -> list[ModelView]:
    """Every model, as the caller may use it."""
    return wiring.services().reading.models(credential)


def model(credential: Credential, model: str) -> ModelView:
    """One model, as the caller may use it."""
    return wiring.services().reading.model(credential, model)

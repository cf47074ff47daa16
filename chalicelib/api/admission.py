"""The first call of a request: who is calling, and what else its route must know."""

import re

from chalicelib.api import wiring
from chalicelib.api.drafts import Draft
from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Caller, Credential
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch
from chalicelib.domain.ids import canonical
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.receipts import Operation
from chalicelib.errors import NotFound
from chalicelib.services.admitting import Admission
from chalicelib.services.ports.reading import Wanted
from chalicelib.services.reading import ModelView
from chalicelib.services.retrying import Retry

POLICY_ID = re.compile("[1-9][0-9]{0,9}")
"""In its one spelling."""


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


def submitter(credential: Credential, draft: Draft, model: str) -> Admission:
    """A user who may use the model, and what was kept of the same request or input."""
    body = draft.body
    asked = draft.asked(Operation.SUBMIT, body.get("input") if isinstance(body, dict) else None)
    return wiring.services().admitting.admit(credential, model, asked)


def batcher(credential: Credential, draft: Draft, model: str) -> Admission:
    """A user who may use the model, many times at once."""
    asked = draft.asked(Operation.BATCH)
    return wiring.services().admitting.admit(credential, model, asked)


def batch(credential: Credential, batch_id: str) -> Batch:
    """A batch that the caller may see."""
    return wiring.services().batches.find(credential, batch_id)


def reader(credential: Credential, prediction_id: str) -> Prediction:
    """A prediction that the caller may see."""
    return wiring.services().reading.prediction(credential, prediction_id)


def ender(credential: Credential, prediction_id: str) -> Prediction:
    """A prediction that the caller may end."""
    return wiring.services().reading.endable(credential, prediction_id)


def retrier(credential: Credential, draft: Draft, prediction_id: str) -> Retry:
    """A prediction that the caller may ask for once more."""
    asked = draft.asked(Operation.RETRY)
    return wiring.services().retrying.admit(credential, prediction_id, asked)


def lister(credential: Credential) -> Caller:
    """Anybody who may read predictions."""
    return wiring.services().reading.lister(credential)


def models(credential: Credential) -> list[ModelView]:
    """Every model, as the caller may use it."""
    return wiring.services().reading.models(credential)


def model(credential: Credential, model: str) -> ModelView:
    """One model, as the caller may use it."""
    return wiring.services().reading.model(credential, model)


def switched_model(credential: Credential, model: str) -> ModelView:
    """One model, for a superuser, whether they may use it or not."""
    wiring.services().authentication.superuser(credential)
    return wiring.services().reading.model(credential, model)


def metered(credential: Credential) -> Caller:
    """Anybody who may see what models there are, and so what they used of them."""
    return wiring.services().authentication.look(credential, Wanted(), Scope.MODELS_READ)[0]


def policy(credential: Credential, policy_id: str) -> Policy:
    """An access policy, for a superuser."""
    wiring.services().authentication.superuser(credential)
    if not POLICY_ID.fullmatch(policy_id):
        raise NotFound(f"Access policy with id {policy_id} not found")
    return wiring.services().policymaking.find(int(policy_id))


def granted(credential: Credential, user_id: str, model: str) -> tuple[User, str]:
    """A user, and the name of a model that is, or was, in the catalogue; for a superuser."""
    _, user = administrator(credential, user_id)
    return user, wiring.services().granting.name_of(model)

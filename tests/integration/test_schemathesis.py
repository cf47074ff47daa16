"""The document is true: every operation is asked with data that fits it and data that does not."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from chalicelib.api import wiring
from chalicelib.domain.access import Policy
from chalicelib.domain.ids import OWNED
from chalicelib.domain.predictions import Failure, Metrics, Status
from chalicelib.errors import Unavailable
from tests.integration.api import services_over
from tests.integration.wsgi import wsgi
from tests.samples import NOW, PLACE, TEMPERATURE, a_key
from tests.world import Person, World

EXAMPLES = 25
"""An operation; beside them come the corners of its schema, each once."""

RULES = (
    "/v1/auth/register",
    "/v1/auth/jwt/login",
    "/v1/auth/forgot-password",
    "/v1/auth/reset-password",
    "/v1/auth/request-verify-token",
    "/v1/auth/verify",
    "/v1/users/me",
    "/v1/users/me/api-keys",
    "/v1/users/{user_id}",
    "/v1/me/usage",
    "/v1/access-policies",
    "/v1/access-policies/{policy_id}",
    "/v1/users/{user_id}/grants/{model}",
)
"""What fits their schema may still be refused: a weak password, no real address,
too many days, a name that cannot be printed."""
MANY = "/predictions/batch"
"""What does not fit its schema is named in its place, and accepted around it."""

# The limits by address are out of the way: everything comes from one.
world = World(wiring.catalogue(), address_limit_factor=10_000)
somebody = world.somebody()
root = world.somebody(is_superuser=True)
"""Never asks for anything, so there is always one left."""
superusers: dict[str, Person] = {}
"""Who asks, by token."""
ends: Iterator[dict[str, Any]] = cycle(
    (
        {},
        {
            "status": Status.SUCCEEDED,
            "output": {"temperature": TEMPERATURE},
            "started_at": NOW,
            "completed_at": NOW,
            "metrics": Metrics(0, 0, 1),
        },
        {"status": Status.FAILED, "error": Failure("invalid-input", "No such month")},
        {"status": Status.CANCELED},
        {"status": Status.EXPIRED, "expires_at": NOW},
    )
)
"""How the predictions that are asked for stand."""
schema = schemathesis.openapi.from_wsgi("/openapi.json", wsgi)


@schema.auth(refresh_interval=None)
class Bearer:
    """A superuser who may use everything; another each time, for one operation signs them out."""

    def get(self, case: Any, context: Any) -> str:
        superuser = world.somebody(is_superuser=True)
        for spec in world.catalogue:
            world.grant(superuser, spec.name)
        superusers[superuser.token] = superuser
        return superuser.token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


OWN = ("session_id", "key_id", "prediction_id", "task_id", "batch_id")
turns = cycle((True, False))


def give_what_exists(case: Any) -> None:
    """Half of the users that are asked for exist; half of all else exists and is one's own.

    A made-up cursor may look like one, and is left out; the tests of the lists have real ones.
    """
    if len(str((case.query or {}).get("cursor", ""))) <= 4096:
        case.query = {name: text for name, text in (case.query or {}).items() if name != "cursor"}
    world.memory.disabled.clear()  # by the case before
    if "policy_id" in (case.path_parameters or {}) and next(turns):
        case.path_parameters["policy_id"] = str(a_policy().id)
    who = superusers.get(str(case.headers.get("Authorization", "")).removeprefix("Bearer "))
    asked = case.path_parameters or {}
    for name in {*OWN, "user_id"}.intersection(asked):
        could_be = _is_uuid(asked[name]) or len(str(asked[name])) == OWNED
        if who and could_be and next(turns):
            asked[name] = existing(name, who)


def a_policy() -> Policy:
    """A new one."""
    number = 1 + max(world.memory.policies)
    world.policies.add(Policy(number, f"policy {number} \U0001f642"))
    return world.memory.policies[number]


def a_batch(who: Person) -> str:
    """A batch of this user, one of whose two predictions was stored."""
    admission = wiring.services().admitting.admit(who.claims, "temperature")
    world.predictions.most_stored = 1
    try:
        with pytest.raises(Unavailable):
            wiring.services().batching.submit(admission, [PLACE, PLACE])
    finally:
        world.predictions.most_stored = None
    return max(world.memory.batches)


def existing(name: str, who: Person) -> str:
    """The id of another user, or of a session, key or prediction of this one."""
    if name == "user_id":
        return world.somebody().user.id
    if name == "session_id":
        return who.claims.session_id
    if name in ("prediction_id", "task_id"):
        return world.accepted(who, "temperature", **next(ends)).id  # another one: it may be erased
    if name == "batch_id":
        return a_batch(who)
    key = a_key(who.user)
    world.api_keys.add(key)
    return key.id


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    """Users exist; and 7.0, an integer for JSON Schema but not for us, is sent as 7."""
    if isinstance(body, dict):
        known = {"user_id": somebody.user.id} if _is_uuid(body.get("user_id")) else {}
        return {name: map_body(context, value) for name, value in body.items()} | known
    if isinstance(body, list):
        return [map_body(context, each) for each in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


def _is_uuid(value: Any) -> bool:
    try:
        return bool(UUID(value))
    except (AttributeError, TypeError, ValueError):
        return False


@pytest.fixture(autouse=True, scope="module")
def served() -> Iterator[None]:
    wiring.use(services_over(world))
    yield
    wiring.use(None)


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_an_operation_answers_as_the_document_says(case: Any) -> None:
    give_what_exists(case)
    unfit = [positive_data_acceptance] if case.path in RULES else []
    partly = [negative_data_rejection] if case.path.endswith(MANY) else []
    case.call_and_validate(excluded_checks=unfit + partly)

"""The document is true: every operation is asked with data that fits it and data that does not."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chalicelib.api import wiring
from chalicelib.domain.ids import OWNED
from chalicelib.domain.predictions import Failure, Metrics, Status
from tests.integration.api import services_over
from tests.integration.wsgi import wsgi
from tests.samples import NOW, TEMPERATURE, a_key
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
)
"""What fits their schema may still be refused: a weak password, a wrong one, no real address."""

# The limits by address are out of the way: everything comes from one.
world = World(wiring.catalogue(), address_limit_factor=10_000)
somebody = world.somebody()
root = world.somebody(is_superuser=True)
"""Never asks for anything, so there is always one left."""
superusers: dict[str, Person] = {}
"""Who asks, by token."""
predictions = [
    world.accepted(somebody, "temperature", **facts).id
    for facts in (
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
    )
]
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


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Half of the predictions that are asked for exist."""
    found = path_parameters or {}
    for name in {"prediction_id", "task_id"}.intersection(found):
        asked = sum(map(ord, str(found[name])))
        if asked % 2:
            found[name] = predictions[asked // 2 % len(predictions)]
    return path_parameters


turns = cycle((True, False))


def give_what_exists(case: Any) -> None:
    """Half of the users that are asked for exist, half of the sessions and keys are one's own.

    A made-up cursor may look like one, and is left out; the tests of the lists have real ones.
    """
    if len(str((case.query or {}).get("cursor", ""))) <= 4096:
        case.query = {name: text for name, text in (case.query or {}).items() if name != "cursor"}
    who = superusers.get(str(case.headers.get("Authorization", "")).removeprefix("Bearer "))
    asked = case.path_parameters or {}
    for name in {"user_id", "session_id", "key_id"}.intersection(asked):
        could_be = _is_uuid(asked[name]) or len(str(asked[name])) == OWNED
        if who and could_be and next(turns):
            asked[name] = existing(name, who)


def existing(name: str, who: Person) -> str:
    """The id of another user, or of a session or key of this one."""
    if name == "user_id":
        return world.somebody().user.id
    if name == "session_id":
        return who.claims.session_id
    key = a_key(who.user)
    world.api_keys.add(key)
    return key.id


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    """Users exist; and 7.0, an integer for JSON Schema but not for us, is sent as 7."""
    if isinstance(body, dict):
        known = {"user_id": somebody.user.id} if _is_uuid(body.get("user_id")) else {}
        return {name: map_body(context, value) for name, value in body.items()} | known
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
    case.call_and_validate(excluded_checks=[positive_data_acceptance] if case.path in RULES else [])

"""The document is true: every operation is asked with data that fits it and data that does not."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chalicelib.api import wiring
from chalicelib.domain.predictions import Failure, Metrics, Status
from tests.integration.api import services_over
from tests.integration.wsgi import wsgi
from tests.samples import NOW, TEMPERATURE
from tests.world import World

EXAMPLES = 25
"""An operation; beside them come the corners of its schema, each once."""

RULES = ("/v1/auth/register", "/v1/auth/jwt/login")
"""What fits their schema may still be refused: a weak password, a wrong one."""

world = World(wiring.catalogue())
somebody = world.somebody()
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
        return superuser.token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Half of the ids that are asked for exist."""
    for name in {"prediction_id", "task_id"}.intersection(path_parameters or ()):
        asked = sum(map(ord, str(path_parameters[name])))
        if asked % 2:
            path_parameters[name] = predictions[asked // 2 % len(predictions)]
    return path_parameters


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    """Users exist; and 7.0, an integer for JSON Schema but not for us, is sent as 7."""
    if isinstance(body, dict):
        known = {"user_id": somebody.user.id} if isinstance(body.get("user_id"), str) else {}
        return {name: map_body(context, value) for name, value in body.items()} | known
    return int(body) if isinstance(body, float) and body.is_integer() else body


@pytest.fixture(autouse=True, scope="module")
def served() -> Iterator[None]:
    wiring.use(services_over(world))
    yield
    wiring.use(None)


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_an_operation_answers_as_the_document_says(case: Any) -> None:
    case.call_and_validate(excluded_checks=[positive_data_acceptance] if case.path in RULES else [])

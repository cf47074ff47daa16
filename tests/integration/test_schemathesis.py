"""The document is true: every operation is asked with data that fits it and data that does not."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings

from chalicelib.api import wiring
from tests.document import Caller, prepare
from tests.integration.api import services_over
from tests.integration.wsgi import wsgi
from tests.world import World

EXAMPLES = 25
"""An operation; beside them come the corners of its schema, each once."""

# The limits by address are out of the way: everything comes from one.
world = World(wiring.catalogue(), address_limit_factor=10_000)
caller = Caller(world.ground, world.catalogue)
schema = schemathesis.openapi.from_wsgi("/openapi.json", wsgi)
prepare(schema)


@pytest.fixture(autouse=True, scope="module")
def served() -> Iterator[None]:
    wiring.use(services_over(world))
    yield
    wiring.use(None)


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_an_operation_answers_as_the_document_says(case: Any) -> None:
    caller.ask(case)

"""For every test: helper modules explain their failed assertions; hypothesis is repeatable."""

from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.contracts")

# No deadline: the machine that runs the tests may be busy.
settings.register_profile(
    "lambent",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("lambent")


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is logged during the test, a JSON document a line."""
    # Imported here: most tests of infra need nothing of chalicelib.
    from chalicelib.observability import logger

    handler, lines = logger.registered_handler, StringIO()
    before = handler.setStream(lines)  # type: ignore[attr-defined]  # Powertools' is a StreamHandler
    yield lines
    handler.setStream(before)  # type: ignore[attr-defined]

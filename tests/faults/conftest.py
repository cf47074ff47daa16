from collections.abc import Iterator

import pytest

from tests.faults.harness import Harness, watched_metrics
from tests.infrastructure.conftest import built as built
from tests.integration.conftest import cloud as cloud
from tests.integration.conftest import connected as connected
from tests.integration.conftest import services as services


@pytest.fixture
def lambent() -> Iterator[Harness]:
    """Every process on a virtual clock; nothing fails but what a test tells to."""
    harness = Harness()
    with watched_metrics(harness.history):
        yield harness

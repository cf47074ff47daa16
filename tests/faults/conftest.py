from collections.abc import Iterator

import pytest

from tests.faults.aws import OnAws
from tests.faults.harness import Harness, watched_metrics
from tests.integration.cloud import Cloud
from tests.integration.conftest import cloud as cloud
from tests.integration.conftest import connected as connected
from tests.integration.conftest import services as services
from tests.integration.conftest import slept as slept


@pytest.fixture
def lambent() -> Iterator[Harness]:
    """Every process on a virtual clock; nothing fails but what a test tells to."""
    harness = Harness()
    with watched_metrics(harness.history):
        yield harness


@pytest.fixture
def aws(cloud: Cloud, slept: list[float]) -> OnAws:
    """A Lambent on tables and queues that are empty."""
    return OnAws(cloud)

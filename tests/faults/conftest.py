import time
from collections.abc import Iterator

import pytest

from tests.faults.aws import OnAws
from tests.faults.harness import Harness, watched_metrics
from tests.integration.cloud import Cloud
from tests.integration.conftest import cloud as cloud
from tests.integration.conftest import connected as connected
from tests.integration.conftest import services as services


@pytest.fixture
def lambent() -> Iterator[Harness]:
    """Every process on a virtual clock; nothing fails but what a test tells to."""
    harness = Harness()
    with watched_metrics(harness.history):
        yield harness


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were to be slept; nobody sleeps them."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.fixture
def aws(cloud: Cloud, slept: list[float]) -> OnAws:
    """A Lambent on tables and queues that are empty."""
    return OnAws(cloud)

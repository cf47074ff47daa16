"""The adapters keep the promises of the ports, on LocalStack's DynamoDB and SQS."""

from collections.abc import Iterator

import localstack_client.session
import pytest
from pytest_localstack.session import RunningSession

from tests.adapter_contracts import *  # noqa: F403  # pytest collects them here
from tests.contracts import Box, Chute, Gauged, Line, Stores
from tests.endpoint import box_at, chute_at, gauged_at, line_at, stores_at
from tests.integration.localstack.conftest import MISSING, can_be_had

if not can_be_had():  # at once for the whole module: one line in the summary
    pytest.skip(MISSING, allow_module_level=True)


@pytest.fixture
def stores(localstack: RunningSession) -> Iterator[Stores]:
    """Through the clients of pytest-localstack."""
    with stores_at(localstack.boto3.client) as stores:
        yield stores


@pytest.fixture
def line(host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Through the clients of localstack-client."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # it would win over the host
    session = localstack_client.session.Session(localstack_host=host)
    with line_at(session.client) as line:
        yield line


@pytest.fixture
def gauged(host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gauged]:
    """As `line`."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session = localstack_client.session.Session(localstack_host=host)
    with gauged_at(session.client) as gauged:
        yield gauged


@pytest.fixture
def box(host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """As `line`."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session = localstack_client.session.Session(localstack_host=host)
    with box_at(session.client) as box:
        yield box


@pytest.fixture
def chute(host: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chute]:
    """As `line`."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session = localstack_client.session.Session(localstack_host=host)
    with chute_at(session.client) as chute:
        yield chute


def test_both_clients_see_the_same_tables(
    localstack: RunningSession, host: str, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    other = localstack_client.session.Session(localstack_host=host).client("dynamodb")

    assert other.list_tables() | {"ResponseMetadata": None} == (
        localstack.boto3.client("dynamodb").list_tables() | {"ResponseMetadata": None}
    )

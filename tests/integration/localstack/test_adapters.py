"""The adapters keep the promises of the ports, on LocalStack's DynamoDB and SQS."""

from collections.abc import Iterator

import localstack_client.session
import pytest
from pytest_localstack.session import RunningSession

from tests.contracts import (
    AccessContract,
    ApiKeysContract,
    AuditTrailContract,
    Box,
    ChangesContract,
    CountersContract,
    EndingsContract,
    GaugeContract,
    Gauged,
    Line,
    OneTimeTokensContract,
    OutboxContract,
    PoliciesContract,
    PowerContract,
    PredictionPagesContract,
    PredictionsContract,
    QueueContract,
    ReaderContract,
    ResultsContract,
    SessionsContract,
    Stores,
    SwitchesContract,
    UsageBookContract,
    UsersContract,
)
from tests.endpoint import box_at, gauged_at, line_at, stores_at
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


class TestUserTable(UsersContract):
    pass


class TestChangesOfUserTable(ChangesContract):
    pass


class TestPowerInUserTable(PowerContract):
    pass


class TestSessionTable(SessionsContract):
    pass


class TestApiKeyTable(ApiKeysContract):
    pass


class TestOneTimeTokenTable(OneTimeTokensContract):
    pass


class TestCounterTable(CountersContract):
    pass


class TestAuditTable(AuditTrailContract):
    pass


class TestSqsOutbox(OutboxContract):
    pass


class TestAccessTable(AccessContract):
    pass


class TestPolicyTable(PoliciesContract):
    pass


class TestUsageTable(UsageBookContract):
    pass


class TestSwitchTable(SwitchesContract):
    pass


class TestSqsGauge(GaugeContract):
    pass


class TestPredictionTable(PredictionsContract):
    pass


class TestEndingsInTables(EndingsContract):
    pass


class TestPredictionPagesOfTable(PredictionPagesContract):
    pass


class TestTableReader(ReaderContract):
    pass


class TestResultTable(ResultsContract):
    pass


class TestSqsQueue(QueueContract):
    pass


def test_both_clients_see_the_same_tables(
    localstack: RunningSession, host: str, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    other = localstack_client.session.Session(localstack_host=host).client("dynamodb")

    assert other.list_tables() | {"ResponseMetadata": None} == (
        localstack.boto3.client("dynamodb").list_tables() | {"ResponseMetadata": None}
    )

"""The adapters keep the promises of the ports on the embedded emulator too.

It has a parser of PartiQL and of conditions that is neither ours nor moto's.
"""

from collections.abc import Iterator
from functools import partial

import pytest

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
from tests.emulators import aws, running, workspace_in
from tests.endpoint import MakeClient, box_at, gauged_at, line_at, stores_at


@pytest.fixture(scope="module")
def make_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeClient]:
    workspace = workspace_in(tmp_path_factory.mktemp("emulator"))
    with running(workspace):
        yield partial(aws, workspace)


@pytest.fixture
def stores(make_client: MakeClient) -> Iterator[Stores]:
    with stores_at(make_client) as stores:
        yield stores


@pytest.fixture
def line(make_client: MakeClient) -> Iterator[Line]:
    with line_at(make_client) as line:
        yield line


@pytest.fixture
def gauged(make_client: MakeClient) -> Iterator[Gauged]:
    with gauged_at(make_client) as gauged:
        yield gauged


@pytest.fixture
def box(make_client: MakeClient) -> Iterator[Box]:
    with box_at(make_client) as box:
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

"""The adapters keep the promises of the ports, on moto."""

import pytest

from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts import AccountTable
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.signing import KeyRing, secret_reader
from chalicelib.adapters.tokens import JwtTokens
from tests.contracts import (
    AccessContract,
    AccountsContract,
    Line,
    PasswordsContract,
    PredictionsContract,
    QueueContract,
    ReaderContract,
    ResultsContract,
    Stores,
    TokensContract,
)
from tests.integration.cloud import Cloud


@pytest.fixture
def stores(cloud: Cloud) -> Stores:
    return Stores(
        TableReader(cloud.dynamodb, cloud.settings),
        AccountTable(cloud.dynamodb),
        AccessTable(cloud.dynamodb, cloud.settings),
        PredictionTable(cloud.dynamodb, cloud.settings),
        ResultTable(cloud.dynamodb, cloud.settings),
        cloud.switch_off,
    )


@pytest.fixture
def line(cloud: Cloud) -> Line:
    queue = SqsQueue(cloud.sqs, cloud.settings.interactive_queue_url)
    return Line(queue, lambda: [delivery_of(record).job for record in cloud.received()])


@pytest.fixture
def passwords(connected: Cloud) -> Argon2Passwords:
    return Argon2Passwords(connected.settings)


@pytest.fixture
def tokens(cloud: Cloud) -> JwtTokens:
    return JwtTokens(KeyRing(secret_reader(cloud.secrets, "signing")), lifetime=900)


class TestAccountTable(AccountsContract):
    pass


class TestAccessTable(AccessContract):
    pass


class TestPredictionTable(PredictionsContract):
    pass


class TestTableReader(ReaderContract):
    pass


class TestResultTable(ResultsContract):
    pass


class TestSqsQueue(QueueContract):
    pass


class TestArgon2Passwords(PasswordsContract):
    pass


class TestJwtTokens(TokensContract):
    pass

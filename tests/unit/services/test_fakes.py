"""The fakes keep the promises of the ports."""

import pytest

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
from tests.fakes import (
    FakeAccess,
    FakeAccounts,
    FakePasswords,
    FakePredictions,
    FakeQueue,
    FakeReader,
    FakeResults,
    FakeTokens,
    Memory,
)


@pytest.fixture
def stores(memory: Memory) -> Stores:
    return Stores(
        FakeReader(memory),
        FakeAccounts(memory),
        FakeAccess(memory),
        FakePredictions(memory),
        FakeResults(memory),
        memory.disabled.add,
    )


@pytest.fixture
def line() -> Line:
    queue = FakeQueue()
    return Line(queue, lambda: queue.jobs)


@pytest.fixture
def passwords() -> FakePasswords:
    return FakePasswords()


@pytest.fixture
def tokens() -> FakeTokens:
    return FakeTokens()


class TestFakeAccounts(AccountsContract):
    pass


class TestFakeAccess(AccessContract):
    pass


class TestFakePredictions(PredictionsContract):
    pass


class TestFakeReader(ReaderContract):
    pass


class TestFakeResults(ResultsContract):
    pass


class TestFakeQueue(QueueContract):
    pass


class TestFakePasswords(PasswordsContract):
    pass


class TestFakeTokens(TokensContract):
    pass

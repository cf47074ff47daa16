"""The fakes keep the promises of the ports."""

import pytest

from tests.contracts import (
    AccessContract,
    ApiKeysContract,
    AuditTrailContract,
    BatchesContract,
    Box,
    CacheEntriesContract,
    ChangesContract,
    Chute,
    CountersContract,
    CursorsContract,
    DeadLettersContract,
    EndingsContract,
    ErasuresContract,
    FiguresContract,
    GaugeContract,
    Gauged,
    Line,
    OneTimeTokensContract,
    OutboxContract,
    PasswordsContract,
    PoliciesContract,
    Post,
    PostmanContract,
    PowerContract,
    PredictionPagesContract,
    PredictionsContract,
    QueueContract,
    ReaderContract,
    RepairsContract,
    ResultsContract,
    SessionsContract,
    Stores,
    SubmissionsContract,
    SwitchesContract,
    TokensContract,
    UsageBookContract,
    UsersContract,
)
from tests.fakes import (
    Clock,
    FakeAccess,
    FakeApiKeys,
    FakeAuditTrail,
    FakeCacheEntries,
    FakeCounters,
    FakeCursors,
    FakeDeadLetters,
    FakeErasures,
    FakeFigures,
    FakeGauge,
    FakeOneTimeTokens,
    FakeOutbox,
    FakePasswords,
    FakePolicies,
    FakePostman,
    FakePredictions,
    FakeQueue,
    FakeReader,
    FakeRepairs,
    FakeResults,
    FakeSessions,
    FakeSwitches,
    FakeTokens,
    FakeUsageBook,
    FakeUsers,
    Memory,
)


@pytest.fixture
def stores() -> Stores:
    memory = Memory()
    return Stores(
        reader=FakeReader(memory),
        users=FakeUsers(memory),
        sessions=FakeSessions(memory),
        api_keys=FakeApiKeys(memory),
        one_time_tokens=FakeOneTimeTokens(memory),
        counters=FakeCounters(memory),
        trail=FakeAuditTrail(memory),
        policies=FakePolicies(memory),
        access=FakeAccess(memory),
        usage=FakeUsageBook(memory),
        switches=FakeSwitches(memory),
        figures=FakeFigures(memory),
        predictions=FakePredictions(memory),
        results=FakeResults(memory),
        entries=FakeCacheEntries(memory),
        repairs=FakeRepairs(memory),
        dead_letters=FakeDeadLetters(memory),
        put_entry=memory.entries.__setitem__,
        entry=memory.entries.get,
    )


@pytest.fixture
def line() -> Line:
    queue = FakeQueue()
    return Line(queue, queue.jobs_in)


@pytest.fixture
def gauged() -> Gauged:
    queue, outbox, erasures = FakeQueue(), FakeOutbox(), FakeErasures(Clock())
    return Gauged(queue, outbox, erasures, FakeGauge(queue, outbox, erasures))


@pytest.fixture
def box() -> Box:
    outbox = FakeOutbox()
    return Box(outbox, lambda: outbox.letters)


@pytest.fixture
def chute() -> Chute:
    erasures = FakeErasures(Clock())
    return Chute(erasures, erasures.received)


@pytest.fixture
def post() -> Post:
    postman = FakePostman()
    return Post(
        postman, lambda: [(sent.to, sent.subject, sent.text, sent.html) for sent in postman.sent]
    )


@pytest.fixture
def cursors() -> FakeCursors:
    return FakeCursors()


@pytest.fixture
def passwords() -> FakePasswords:
    return FakePasswords()


@pytest.fixture
def tokens() -> FakeTokens:
    return FakeTokens()


class TestFakeUsers(UsersContract):
    pass


class TestFakeChanges(ChangesContract):
    pass


class TestFakePower(PowerContract):
    pass


class TestFakeSessions(SessionsContract):
    pass


class TestFakeApiKeys(ApiKeysContract):
    pass


class TestFakeOneTimeTokens(OneTimeTokensContract):
    pass


class TestFakeCounters(CountersContract):
    pass


class TestFakeAuditTrail(AuditTrailContract):
    pass


class TestFakeOutbox(OutboxContract):
    pass


class TestFakeErasures(ErasuresContract):
    pass


class TestFakePostman(PostmanContract):
    pass


class TestFakeCursors(CursorsContract):
    pass


class TestFakeAccess(AccessContract):
    pass


class TestFakePolicies(PoliciesContract):
    pass


class TestFakeUsageBook(UsageBookContract):
    pass


class TestFakeSwitches(SwitchesContract):
    pass


class TestFakeFigures(FiguresContract):
    pass


class TestFakeGauge(GaugeContract):
    pass


class TestFakePredictions(PredictionsContract):
    pass


class TestFakeSubmissions(SubmissionsContract):
    pass


class TestFakeBatches(BatchesContract):
    pass


class TestFakeEndings(EndingsContract):
    pass


class TestFakePredictionPages(PredictionPagesContract):
    pass


class TestFakeReader(ReaderContract):
    pass


class TestFakeResults(ResultsContract):
    pass


class TestFakeDeadLetters(DeadLettersContract):
    pass


class TestFakeRepairs(RepairsContract):
    pass


class TestFakeCacheEntries(CacheEntriesContract):
    pass


class TestFakeQueue(QueueContract):
    pass


class TestFakePasswords(PasswordsContract):
    pass


class TestFakeTokens(TokensContract):
    pass

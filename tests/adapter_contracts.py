"""The contracts of tables and queues, bound once; they run in each module that imports them.

That module gives the fixtures `stores`, `line`, `gauged`, `box` and `chute`: on moto, on the
embedded emulator, on LocalStack.
"""

from tests.contracts import (
    AccessContract,
    ApiKeysContract,
    AuditTrailContract,
    BatchesContract,
    CacheEntriesContract,
    ChangesContract,
    CountersContract,
    DeadLettersContract,
    EndingsContract,
    ErasuresContract,
    FiguresContract,
    GaugeContract,
    OneTimeTokensContract,
    OutboxContract,
    PoliciesContract,
    PowerContract,
    PredictionPagesContract,
    PredictionsContract,
    QueueContract,
    ReaderContract,
    RepairsContract,
    ResultsContract,
    SessionsContract,
    SubmissionsContract,
    SwitchesContract,
    UsageBookContract,
    UsersContract,
)


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


class TestSqsErasures(ErasuresContract):
    pass


class TestAccessTable(AccessContract):
    pass


class TestPolicyTable(PoliciesContract):
    pass


class TestUsageTable(UsageBookContract):
    pass


class TestSwitchTable(SwitchesContract):
    pass


class TestFigureTable(FiguresContract):
    pass


class TestSqsGauge(GaugeContract):
    pass


class TestPredictionTable(PredictionsContract):
    pass


class TestSubmissionsInTable(SubmissionsContract):
    pass


class TestBatchesInTable(BatchesContract):
    pass


class TestEndingsInTables(EndingsContract):
    pass


class TestPredictionPagesOfTable(PredictionPagesContract):
    pass


class TestTableReader(ReaderContract):
    pass


class TestResultTable(ResultsContract):
    pass


class TestRepairTable(RepairsContract):
    pass


class TestDeadLetterTable(DeadLettersContract):
    pass


class TestCacheEntryTable(CacheEntriesContract):
    pass


class TestSqsQueue(QueueContract):
    pass

"""In-memory ports: they pass the same contracts as the adapters (tests/contracts)."""

from tests.fakes.access import FakeAccess, FakePolicies
from tests.fakes.accounts import FakeApiKeys, FakeOneTimeTokens, FakeSessions, FakeUsers
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.caching import FakeCacheEntries
from tests.fakes.clock import Clock
from tests.fakes.dead_letters import FakeDeadLetters
from tests.fakes.erasures import FakeErasures
from tests.fakes.mail import FakeOutbox, FakePostman
from tests.fakes.memory import Memory
from tests.fakes.operations import FakeFigures, FakeGauge, FakeSwitches
from tests.fakes.paging import FakeCursors
from tests.fakes.predictions import FakePredictions, FakeResults
from tests.fakes.queue import FakeQueue, Message
from tests.fakes.reader import FakeReader
from tests.fakes.repairs import FakeRepairs
from tests.fakes.security import FakeCounters, FakePasswords, FakeTokens
from tests.fakes.usage import FakeUsageBook

__all__ = [
    "Clock",
    "FakeAccess",
    "FakeApiKeys",
    "FakeAuditTrail",
    "FakeCacheEntries",
    "FakeCounters",
    "FakeCursors",
    "FakeDeadLetters",
    "FakeErasures",
    "FakeFigures",
    "FakeGauge",
    "FakeOneTimeTokens",
    "FakeOutbox",
    "FakePasswords",
    "FakePolicies",
    "FakePostman",
    "FakePredictions",
    "FakeQueue",
    "FakeReader",
    "FakeRepairs",
    "FakeResults",
    "FakeSessions",
    "FakeSwitches",
    "FakeTokens",
    "FakeUsageBook",
    "FakeUsers",
    "Memory",
    "Message",
]

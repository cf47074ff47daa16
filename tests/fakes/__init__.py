"""In-memory ports: they pass the same contracts as the adapters (tests/contracts)."""

from tests.fakes.access import FakeAccess
from tests.fakes.accounts import FakeApiKeys, FakeOneTimeTokens, FakeSessions, FakeUsers
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.clock import Clock
from tests.fakes.mail import FakeOutbox, FakePostman
from tests.fakes.memory import Memory
from tests.fakes.paging import FakeCursors
from tests.fakes.predictions import FakePredictions, FakeResults
from tests.fakes.queue import FakeQueue, Message
from tests.fakes.reader import FakeReader
from tests.fakes.security import FakeCounters, FakePasswords, FakeTokens

__all__ = [
    "Clock",
    "FakeAccess",
    "FakeApiKeys",
    "FakeAuditTrail",
    "FakeCounters",
    "FakeCursors",
    "FakeOneTimeTokens",
    "FakeOutbox",
    "FakePasswords",
    "FakePostman",
    "FakePredictions",
    "FakeQueue",
    "FakeReader",
    "FakeResults",
    "FakeSessions",
    "FakeTokens",
    "FakeUsers",
    "Memory",
    "Message",
]

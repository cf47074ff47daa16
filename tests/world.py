"""Everything that the use cases need, in memory, and people to use it."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from chalicelib.api.composition import Ports, Services
from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import User
from chalicelib.domain.caching import Cache
from chalicelib.domain.predictions import Prediction
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.accounts.mailing import Mailing
from chalicelib.services.erasing import Erasing
from chalicelib.services.health import Health
from chalicelib.settings import Settings
from tests.fakes import (
    Clock,
    FakeAccess,
    FakeApiKeys,
    FakeAuditTrail,
    FakeCacheEntries,
    FakeCounters,
    FakeCursors,
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
    FakeResults,
    FakeSessions,
    FakeSwitches,
    FakeTokens,
    FakeUsageBook,
    FakeUsers,
    Memory,
)
from tests.samples import a_grant, a_prediction, a_session, a_user, claims_of


def caching(catalogue: Catalogue, **rule: Any) -> Catalogue:
    """The same models, each with a cache."""
    return Catalogue(replace(spec, cache=Cache(**rule)) for spec in catalogue)


@dataclass(frozen=True)
class Person:
    """A user who is signed in."""

    user: User
    claims: Claims
    token: str


class World:
    """Fakes that share one memory and one clock; `settings` are the defaults but for these."""

    def __init__(self, catalogue: Catalogue, **settings: Any) -> None:
        self.catalogue = catalogue
        self.settings = Settings(**settings)
        self.clock = Clock()
        self.memory = Memory(policies={1: Policy(1, "base", 1000, 30000)})
        self.reader = FakeReader(self.memory)
        self.users = FakeUsers(self.memory)
        self.sessions = FakeSessions(self.memory)
        self.api_keys = FakeApiKeys(self.memory)
        self.one_time_tokens = FakeOneTimeTokens(self.memory)
        self.counters = FakeCounters(self.memory)
        self.trail = FakeAuditTrail(self.memory)
        self.outbox = FakeOutbox()
        self.postman = FakePostman()
        self.erasures = FakeErasures(self.clock)
        self.cursors = FakeCursors()
        self.policies = FakePolicies(self.memory)
        self.access = FakeAccess(self.memory)
        self.usage = FakeUsageBook(self.memory)
        self.switches = FakeSwitches(self.memory)
        self.figures = FakeFigures(self.memory)
        self.predictions = FakePredictions(self.memory)
        self.entries = FakeCacheEntries(self.memory)
        self.results = FakeResults(self.memory)
        self.queue = FakeQueue()
        self.gauge = FakeGauge(self.queue, self.outbox, self.erasures)
        self.passwords = FakePasswords()
        self.tokens = FakeTokens()

    def ports(self) -> Ports:
        """Every fake, for the API."""
        return Ports(
            reader=self.reader,
            users=self.users,
            sessions=self.sessions,
            api_keys=self.api_keys,
            one_time_tokens=self.one_time_tokens,
            counters=self.counters,
            trail=self.trail,
            outbox=self.outbox,
            erasures=self.erasures,
            cursors=self.cursors,
            policies=self.policies,
            access=self.access,
            usage=self.usage,
            switches=self.switches,
            figures=self.figures,
            gauge=self.gauge,
            predictions=self.predictions,
            queue=self.queue,
            passwords=self.passwords,
            tokens=self.tokens,
            public_keys=lambda: {"keys": []},
            health=Health({"table": self.memory.require_up, "queue": self.queue.require_up}),
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    def services(self) -> Services:
        """Every use case of the API over these fakes."""
        return Services(self.ports(), self.catalogue, self.settings)

    def mailing(self) -> Mailing:
        """The mailer over these fakes."""
        return Mailing(
            self.users,
            self.one_time_tokens,
            self.counters,
            self.postman,
            self.clock,
            self.settings,
        )

    def erasing(self) -> Erasing:
        """The eraser over these fakes."""
        return Erasing(self.users, self.predictions, self.erasures, self.clock)

    def somebody(self, **facts: Any) -> Person:
        """A new user with a session that begins now."""
        user = a_user(**facts)
        session = a_session(user, self.clock())
        self.users.add(user)
        self.sessions.start(session)
        token = self.tokens.issue(session, self.clock(), str(uuid4()))
        return Person(user, claims_of(session), token)

    def grant(self, person: Person, model: str, **limits: Any) -> Grant:
        """Let that person use a model."""
        grant = a_grant(person.user, model, **limits)
        self.access.put_grant(grant)
        return grant

    def accepted(self, person: Person, model: str, **facts: Any) -> Prediction:
        """A stored prediction of that person."""
        grant = a_grant(person.user, model)
        prediction = a_prediction(grant, **facts)
        self.predictions.accept(prediction, grant)
        return prediction

    def kept(self) -> tuple[int, int, int]:
        """How much was kept: predictions, counted units, messages."""
        units = sum(usage.total for usage in self.memory.usage.values())
        return len(self.memory.predictions), units, len(self.queue.messages)

"""Everything that the use cases need, in memory, and people to use it."""

from dataclasses import replace
from typing import Any

from chalicelib.api.composition import Ports, Services
from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.caching import Cache
from chalicelib.domain.predictions import Prediction
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.accounts.mailing import Mailing
from chalicelib.services.erasing import Erasing
from chalicelib.services.health import Health
from chalicelib.services.joining import Joining
from chalicelib.services.sweeping import Sweeping
from chalicelib.services.undertaking import Undertaking
from chalicelib.settings import Settings
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
from tests.ground import Ground, Person


def caching(catalogue: Catalogue, **rule: Any) -> Catalogue:
    """The same models, each with a cache."""
    return Catalogue(replace(spec, cache=Cache(**rule)) for spec in catalogue)


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
        self.repairs = FakeRepairs(self.memory)
        self.dead_letters = FakeDeadLetters(self.memory)
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
            dead_letters=self.dead_letters,
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

    def sweeping(self) -> Sweeping:
        """The sweeper over these fakes."""
        return Sweeping(
            self.repairs,
            self.predictions,
            self.results,
            Joining(self.entries, self.results, self.queue, self.catalogue, self.clock),
            self.queue,
            self.gauge,
            self.catalogue,
            self.clock,
            self.settings.visibility_timeout,
        )

    def undertaking(self) -> Undertaking:
        """The undertaker over these fakes."""
        return Undertaking(
            self.predictions,
            self.results,
            Joining(self.entries, self.results, self.queue, self.catalogue, self.clock),
            self.dead_letters,
            self.clock,
        )

    @property
    def ground(self) -> Ground:
        """Where people and what is theirs are made."""
        return Ground(self.ports(), self.results)

    def somebody(self, **facts: Any) -> Person:
        """A new user with a session that begins now."""
        return self.ground.somebody(**facts)

    def grant(self, person: Person, model: str, **limits: Any) -> Grant:
        """Let that person use a model."""
        return self.ground.grant(person, model, **limits)

    def accepted(self, person: Person, model: str, **facts: Any) -> Prediction:
        """A stored prediction of that person, which no worker hears of."""
        return self.ground.accepted(person, model, **facts)

    def kept(self) -> tuple[int, int, int]:
        """How much was kept: predictions, counted units, messages."""
        units = sum(usage.total for usage in self.memory.usage.values())
        return len(self.memory.predictions), units, len(self.queue.messages)

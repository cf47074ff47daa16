"""Everything that the use cases need, in memory, and people to use it."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.users import Claims, User
from chalicelib.inference.catalogue import Catalogue
from chalicelib.settings import Settings
from tests.fakes import (
    Clock,
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
from tests.samples import a_grant, a_prediction, a_session, a_user, claims_of


@dataclass(frozen=True)
class Person:
    """A user who is signed in."""

    user: User
    claims: Claims
    token: str


class World:
    """Fakes that share one memory and one clock."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.settings = Settings()
        self.clock = Clock()
        self.memory = Memory(policies={1: Policy(1, "base", 1000, 30000)})
        self.reader = FakeReader(self.memory)
        self.accounts = FakeAccounts(self.memory)
        self.access = FakeAccess(self.memory)
        self.predictions = FakePredictions(self.memory)
        self.results = FakeResults(self.memory)
        self.queue = FakeQueue()
        self.passwords = FakePasswords()
        self.tokens = FakeTokens()

    def somebody(self, **facts: Any) -> Person:
        """A new user with a session that begins now."""
        user = a_user(**facts)
        session = a_session(user)
        self.accounts.add(user)
        self.accounts.start(session)
        claims = claims_of(session)
        return Person(user, claims, self.tokens.issue(claims, self.clock()))

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

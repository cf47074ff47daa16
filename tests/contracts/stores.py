"""All that is kept in tables, and how its contracts use it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.domain.access import Usage
from chalicelib.domain.accounts.callers import Proof
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import User
from chalicelib.domain.caching import Entry
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import AppError
from chalicelib.services.ports.access import Access
from chalicelib.services.ports.accounts import (
    ApiKeys,
    OneTimeTokens,
    Sessions,
    Stale,
    Users,
)
from chalicelib.services.ports.audit import AuditTrail
from chalicelib.services.ports.caching import CacheEntries
from chalicelib.services.ports.dead_letters import DeadLetters
from chalicelib.services.ports.figures import Figures
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.policies import Changed, Policies
from chalicelib.services.ports.predictions import Predictions
from chalicelib.services.ports.reading import Reader, Wanted
from chalicelib.services.ports.repairs import Repairs
from chalicelib.services.ports.results import Results
from chalicelib.services.ports.security import Counters
from chalicelib.services.ports.switches import Switches
from chalicelib.services.ports.usage import UsageBook
from tests.samples import a_user

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Stores:
    """All that is kept in tables, behind its ports."""

    reader: Reader
    users: Users
    sessions: Sessions
    api_keys: ApiKeys
    one_time_tokens: OneTimeTokens
    counters: Counters
    trail: AuditTrail
    policies: Policies
    access: Access
    usage: UsageBook
    switches: Switches
    figures: Figures
    predictions: Predictions
    results: Results
    entries: CacheEntries
    repairs: Repairs
    dead_letters: DeadLetters
    put_entry: Callable[[str, Entry], object]
    """As a submit and a worker would, together; `entry` has what is kept for a key."""
    entry: Callable[[str], Entry | None]

    def switch_off(self, model: str) -> None:
        """Disable a model."""
        self.switches.turn(model, is_on=False)

    def added(self, **facts: object) -> User:
        """A new user."""
        user = a_user(**facts)
        self.users.add(user)
        return user

    def stored(self, prediction: Prediction) -> Prediction | None:
        """The prediction as its owner would read it."""
        claims = Claims(prediction.user_id, "no-session", 1)
        return self.reader.read(claims, Wanted(prediction=prediction.id)).prediction

    def used(self, user_id: str, model: str, month: str = "2026-11") -> Usage:
        """What a user had accepted of a model."""
        claims = Claims(user_id, "no-session", 1)
        found = self.reader.read(claims, Wanted(models=(model,), month=month))
        return found.usage.get(model, Usage())

    def proof(self, claims: Claims) -> Proof | None:
        """The session that these claims are of."""
        return self.reader.read(claims, Wanted()).proof


def walk(page: Callable[[str | None], Page[T]]) -> list[Sequence[T]]:
    """All pages, from the first to the one that says that it is the last."""

    def pages() -> Iterator[Sequence[T]]:
        place = None
        while True:
            found = page(place)
            yield found.items
            place = found.next
            if place is None:
                return

    return list(pages())


def in_parallel(items: Sequence[T], act: Callable[[T], object]) -> list[Exception]:
    """Act on all items at once; what was refused."""

    def attempt(item: T) -> Exception | None:
        try:
            act(item)
        except (AppError, Stale, Changed) as refusal:
            return refusal
        return None

    return [refusal for refusal in at_once(items, attempt) if refusal]


def at_once(items: Sequence[T], act: Callable[[T], R]) -> list[R]:
    """What each act answers, all of them begun together."""
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(act, items))

"""Passwords, access tokens, and who has tried too often."""

from chalicelib.domain.accounts.sessions import Claims, Session
from chalicelib.domain.accounts.throttling import TRUSTED, Budget, Failures
from chalicelib.errors import Unauthorized
from tests.fakes.memory import Memory


class FakePasswords:
    """`ports.security.Passwords`, readable; `compared` has every hash that one was held against.

    `cost` is what hashes are made at; another one makes those from before outdated.
    """

    def __init__(self, cost: int = 1) -> None:
        self.compared: list[str | None] = []
        self.cost = cost

    def hash(self, password: str) -> str:
        return f"$fake${self.cost}${password[::-1]}"

    def verify(self, password: str, hashed: str | None) -> bool:
        self.compared.append(hashed)
        kind, *parts = (hashed or "").removeprefix("$").split("$", 2)
        return kind == "fake" and parts[1:] == [password[::-1]]

    def is_outdated(self, hashed: str) -> bool:
        return not hashed.startswith(f"$fake${self.cost}$")


class FakeTokens:
    """`ports.security.Tokens`, readable; a token lives as long as `lifetime` says (seconds)."""

    def __init__(self, lifetime: int = 900) -> None:
        self._lifetime = lifetime

    def issue(self, session: Session, at: int, token_id: str) -> str:
        until = at + self._lifetime * 1000
        return f"fake.{session.user_id}.{session.id}.{session.version}.{until}.{token_id}"

    def verify(self, token: str, now: int) -> Claims:
        kind, *parts = token.split(".")
        if kind != "fake" or len(parts) != 5 or int(parts[3]) <= now:
            raise Unauthorized
        return Claims(parts[0], parts[1], int(parts[2]))


class FakeCounters:
    """`ports.security.Counters`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def failures(self, *keys: str) -> list[Failures]:
        self._memory.require_up()
        return [self._memory.counters.get(key, Failures()) for key in keys]

    def count(self, key: str, seen: Failures, now: int) -> Failures | None:
        self._memory.require_up()
        with self._memory.lock:
            stored = self._memory.counters.get(key, Failures())
            if stored != seen:
                return stored
            self._memory.counters[key] = seen.one_more(now)
            return None

    def settle(self, counted: str, pair: str, now: int) -> None:
        self._memory.require_up()
        with self._memory.lock:
            self._memory.counters.pop(counted, None)
            self._memory.counters[pair] = Failures(trusted_until=now + TRUSTED)

    def spent(self, budget: Budget, whom: str, now: int) -> int:
        self._memory.require_up()
        return self._memory.spent.get(budget.key(whom, now), 0)

    def spend(self, budget: Budget, whom: str, now: int, units: int = 1) -> int:
        self._memory.require_up()
        key = budget.key(whom, now)
        with self._memory.lock:
            self._memory.spent[key] = self._memory.spent.get(key, 0) + units
            return self._memory.spent[key]

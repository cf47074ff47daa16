"""Users and what they own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib.domain.accounts.api_keys import ApiKey
from chalicelib.domain.accounts.emails import canonical_email
from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose
from chalicelib.domain.accounts.sessions import Session
from chalicelib.domain.accounts.users import Change, User, is_other_address
from chalicelib.errors import EmailTaken, LastSuperuser
from chalicelib.services.ports.accounts import Stale
from chalicelib.services.ports.paging import Page
from tests.fakes.memory import Memory
from tests.fakes.paging import page_of


class FakeUsers:
    """`ports.accounts.Users`; `looked_up` has every address that was asked for."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.looked_up: list[str] = []

    def add(self, user: User) -> None:
        self._memory.require_up()
        with self._memory.lock:
            if self._of(user.email):
                raise EmailTaken
            self._memory.users[user.id] = user

    def by_id(self, user_id: str) -> User | None:
        self._memory.require_up()
        return self._memory.users.get(user_id)

    def by_email(self, email: str) -> User | None:
        self._memory.require_up()
        self.looked_up.append(email)
        return self._of(email)

    def all(self) -> Iterable[User]:
        self._memory.require_up()
        return sorted(self._memory.users.values(), key=lambda user: user.email)

    def page(self, is_active: bool | None, limit: int, after: str | None) -> Page[User]:
        wanted = [user for user in self.all() if is_active in (None, user.is_active)]
        left = [user for user in wanted if after is None or user.email > after]
        return page_of(left, limit, lambda user: user.email)

    def change(self, user: User, change: Change) -> User:
        self._memory.require_up()
        after = change.of(user)
        with self._memory.lock:
            if change:
                self._require_unchanged(user)
                if is_other_address(user, change.email) and self._of(after.email):
                    raise EmailTaken("UPDATE_USER_EMAIL_ALREADY_EXISTS")
                self._require_power_without(user, after)
                self._memory.users[user.id] = after
        return after

    def remove(self, user: User) -> None:
        self._memory.require_up()
        with self._memory.lock:
            self._require_unchanged(user)
            self._require_power_without(user, None)
            del self._memory.users[user.id]
            for owned in (self._memory.sessions, self._memory.api_keys, self._memory.grants):
                for key in [key for key in owned if key[0] == user.id]:
                    del owned[key]

    def _of(self, email: str) -> User | None:
        wanted = canonical_email(email)
        users = self._memory.users.values()
        return next((user for user in users if canonical_email(user.email) == wanted), None)

    def _require_unchanged(self, user: User) -> None:
        if self._memory.users.get(user.id) != user:
            raise Stale

    def _require_power_without(self, user: User, after: User | None) -> None:
        others = [each for each in self._memory.users.values() if each.id != user.id]
        is_lost = user.has_power and not (after and after.has_power)
        if is_lost and not any(other.has_power for other in others):
            raise LastSuperuser


class FakeSessions:
    """`ports.accounts.Sessions`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def start(self, session: Session) -> None:
        self._memory.require_up()
        self._memory.sessions[session.user_id, session.id] = session

    def rotate(self, session: Session, seen: Session) -> Session | None:
        self._memory.require_up()
        key = (session.user_id, session.id)
        with self._memory.lock:
            stored = self._memory.sessions.get(key)
            if stored and stored.chain.digest == seen.chain.digest:
                self._memory.sessions[key] = session
            return self._memory.sessions.get(key)

    def end(self, user_id: str, session_id: str) -> bool:
        self._memory.require_up()
        return self._memory.sessions.pop((user_id, session_id), None) is not None

    def page(self, user_id: str, limit: int, after: str | None) -> Page[Session]:
        self._memory.require_up()
        mine = [each for each in self._memory.sessions.values() if each.user_id == user_id]
        left = [each for each in mine if after is None or each.id < after]
        newest = sorted(left, key=lambda session: session.id, reverse=True)
        return page_of(newest, limit, lambda session: session.id)


class FakeApiKeys:
    """`ports.accounts.ApiKeys`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, key: ApiKey) -> None:
        self._memory.require_up()
        self._memory.api_keys[key.user_id, key.id] = key

    def end(self, user_id: str, key_id: str) -> bool:
        self._memory.require_up()
        return self._memory.api_keys.pop((user_id, key_id), None) is not None

    def of(self, user_id: str) -> Sequence[ApiKey]:
        self._memory.require_up()
        mine = [each for each in self._memory.api_keys.values() if each.user_id == user_id]
        return sorted(mine, key=lambda key: key.id, reverse=True)

    def note_use(self, key: ApiKey, now: int) -> None:
        self._memory.require_up()
        with self._memory.lock:
            stored = self._memory.api_keys.get((key.user_id, key.id))
            if stored:
                used = replace(stored, last_used_at=now)
                self._memory.api_keys[key.user_id, key.id] = used


class FakeOneTimeTokens:
    """`ports.accounts.OneTimeTokens`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, token: OneTimeToken) -> None:
        self._memory.require_up()
        self._memory.tokens[token.digest, token.purpose] = token

    def find(self, digest: str, purpose: Purpose) -> OneTimeToken | None:
        self._memory.require_up()
        return self._memory.tokens.get((digest, purpose))

    def consume(self, token: OneTimeToken) -> bool:
        self._memory.require_up()
        with self._memory.lock:
            stored = self._memory.tokens.get((token.digest, token.purpose))
            if stored is None or stored.is_used:
                return False
            used = replace(stored, is_used=True)
            self._memory.tokens[token.digest, token.purpose] = used
            return True

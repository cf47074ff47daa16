"""Users, and what they own: sessions, API keys, tokens that work once."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from chalicelib.domain.accounts.api_keys import ApiKey
from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose
from chalicelib.domain.accounts.sessions import Session
from chalicelib.domain.accounts.users import Change, User
from chalicelib.services.ports.paging import Page


class Stale(Exception):
    """The user was changed or removed since they were read: read again, and decide again."""


class Users(Protocol):
    """Users, unique by e-mail; there is always a superuser once there was one."""

    def add(self, user: User) -> None:
        """Store a new user; EmailTaken if the address has one already."""
        ...

    def by_id(self, user_id: str) -> User | None:
        """The user of this id."""
        ...

    def by_email(self, email: str) -> User | None:
        """The user of this address, however it is spelt; at the same cost if there is none."""
        ...

    def all(self) -> Iterable[User]:
        """Every user, by address."""
        ...

    def page(self, is_active: bool | None, limit: int, after: str | None) -> Page[User]:
        """Users by address, from a place that an earlier page named."""
        ...

    def change(self, user: User, change: Change) -> User:
        """The user after the change, all of it or nothing.

        EmailTaken if the new address has a user, LastSuperuser if nobody else could administer
        afterwards, Stale if this is not the user any more.
        """
        ...

    def remove(self, user: User) -> None:
        """Forget the user, their address, sessions, keys and grants; LastSuperuser, Stale."""
        ...


class Sessions(Protocol):
    """Sign-ins that last."""

    def start(self, session: Session) -> None:
        """Store a new session."""
        ...

    def rotate(self, session: Session, seen: Session) -> Session | None:
        """Store a session in the place of the one seen, if that is still what is stored.

        What is stored afterwards: this one, another's who was faster, or None if it was ended.
        """
        ...

    def end(self, user_id: str, session_id: str) -> bool:
        """Forget a session; whether there was one."""
        ...

    def page(self, user_id: str, limit: int, after: str | None) -> Page[Session]:
        """A user's sessions, the newest first."""
        ...


class ApiKeys(Protocol):
    """Keys in place of tokens."""

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        ...

    def end(self, user_id: str, key_id: str) -> bool:
        """Forget a key; whether there was one."""
        ...

    def of(self, user_id: str) -> Sequence[ApiKey]:
        """All of a user's keys, the newest first."""
        ...

    def note_use(self, key: ApiKey, now: int) -> None:
        """Write when it was last used; an ended key stays ended."""
        ...


class OneTimeTokens(Protocol):
    """Tokens that were mailed."""

    def add(self, token: OneTimeToken) -> None:
        """Store a new one; it is forgotten some time after it expires."""
        ...

    def find(self, digest: str, purpose: Purpose) -> OneTimeToken | None:
        """The token of this digest."""
        ...

    def consume(self, token: OneTimeToken) -> bool:
        """Mark it as used; False if it was before: of several at once, one gets True."""
        ...

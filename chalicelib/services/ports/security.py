"""Passwords, access tokens, and who has tried too often."""

from typing import Protocol

from chalicelib.domain.accounts.sessions import Claims, Session
from chalicelib.domain.accounts.throttling import Budget, Failures


class Passwords(Protocol):
    """Password hashes in the PHC string format."""

    def hash(self, password: str) -> str:
        """A salted hash."""
        ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it matches; without a hash False, at the same cost."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made at another cost than a hash is made now."""
        ...


class Tokens(Protocol):
    """Signed access tokens."""

    def issue(self, session: Session, at: int, token_id: str) -> str:
        """A token of this session, valid from `at` on; the same for the same arguments."""
        ...

    def verify(self, token: str, now: int) -> Claims:
        """The claims of a genuine, unexpired token; Unauthorized for anything else."""
        ...


class Counters(Protocol):
    """Failures and requests, counted atomically, forgotten when they no longer matter."""

    def failures(self, *keys: str) -> list[Failures]:
        """What is counted under each key, in one strongly consistent read."""
        ...

    def count(self, key: str, seen: Failures, now: int) -> Failures | None:
        """One attempt more than were seen; if others were there already, what there is now."""
        ...

    def settle(self, counted: str, pair: str, now: int) -> None:
        """The attempt succeeded: forget what was counted, and trust the pair from now on."""
        ...

    def spent(self, budget: Budget, whom: str, now: int) -> int:
        """How much of a budget is spent in the present window."""
        ...

    def spend(self, budget: Budget, whom: str, now: int, units: int = 1) -> int:
        """Spend units, or with -1 give one back; how much is spent then."""
        ...

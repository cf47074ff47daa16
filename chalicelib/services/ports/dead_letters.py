"""Where dead letters are kept, for the queue forgets what it handed over."""

from collections.abc import Collection, Mapping
from typing import Protocol

from chalicelib.domain.dead_letters import DeadLetter
from chalicelib.services.ports.paging import Page


class DeadLetters(Protocol):
    """What was given up; Unavailable if the table is."""

    def add(self, letter: DeadLetter) -> bool:
        """Keep it; False, and the one that is there stays, if there is one of its id."""
        ...

    def find(self, ids: Collection[str]) -> Mapping[str, DeadLetter]:
        """Those of at most 100 ids that there are."""
        ...

    def page(self, limit: int, after: str | None) -> Page[DeadLetter]:
        """By id, the last first: so the newest predictions lead."""
        ...

    def remove(self, id: str) -> bool:
        """Forget one; whether it was there."""
        ...

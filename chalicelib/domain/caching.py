"""Answers that serve more than one who ask the same."""

from dataclasses import dataclass

from chalicelib.domain.canonical import digest
from chalicelib.domain.predictions import Json

LONGEST_LIFE = 30 * 24 * 3600
"""Seconds."""
MOST_WAITERS = 100


@dataclass(frozen=True)
class Cache:
    """How long an answer of a model is good for, and whether only for who asked for it."""

    seconds: int = 3600
    private: bool = False


@dataclass(frozen=True)
class Waiter:
    """A prediction that gets the result of an identical one that was asked for before it."""

    id: str
    user_id: str
    created_at: int
    deadline: int | None = None


@dataclass(frozen=True)
class Entry:
    """The result of one input, or, while there is none yet, who waits for it."""

    leader: str
    """The prediction that was the first to ask."""
    waiters: tuple[Waiter, ...]
    lifetime: int
    """Seconds that its result will be good for."""
    until: int
    """Until when (seconds since the epoch) it may be joined, or its result is good."""
    output: str | None = None
    """JSON text; None while it is on its way."""
    version: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether there is a result."""
        return self.output is not None

    @property
    def is_full(self) -> bool:
        """Whether nobody more may wait for it."""
        return len(self.waiters) >= MOST_WAITERS

    def left(self, now: int) -> int:
        """Seconds that it is still good for; `now` is in ms."""
        return max(0, self.until - now // 1000)


@dataclass(frozen=True)
class Lead:
    """To be the first: others may wait for this prediction's result."""

    key: str
    entry: Entry


@dataclass(frozen=True)
class Join:
    """To wait for the result that an identical prediction is about to have."""

    key: str
    leader: str


def key_of(model: str, version: str, input: Json, whose: str | None) -> str:
    """What identical inputs have in common; `whose` keeps a user's apart from all others'."""
    return digest(model, version, input, whose)


def past(created_at: int) -> int:
    """The second before an instant (ms); `until` then is over for all who come later."""
    return created_at // 1000 - 1

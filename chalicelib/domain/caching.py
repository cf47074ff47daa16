"""Answers that serve more than one who ask the same."""

from dataclasses import dataclass

LONGEST_LIFE = 30 * 24 * 3600
"""Seconds."""


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
    """The answer to one input, or those who wait for it; both times are in seconds.

    Until there is an output others may join, and from then on it is fresh, as long as `until`,
    an instant since the epoch.
    """

    leader: str
    """The prediction that was the first to ask."""
    waiters: tuple[Waiter, ...]
    lifetime: int
    until: int
    output: str | None = None
    """JSON text."""
    version: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether there is an answer."""
        return self.output is not None


def past(created_at: int) -> int:
    """The second before an instant (ms); `until` then is over for all who come later."""
    return created_at // 1000 - 1

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

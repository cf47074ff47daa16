"""Deciding again while others are changing the same thing."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.errors import Unavailable
from chalicelib.services.ports.policies import Changed

TRIES = 5

T = TypeVar("T")


def insist(act: Callable[[], T]) -> T:
    """What an act answers that reads, decides and writes; Unavailable if others are faster."""
    for _ in range(TRIES):
        try:
            return act()
        except Changed:
            continue
    raise Unavailable("It is being changed, try again", retry_after=1)

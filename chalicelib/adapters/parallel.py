"""Several calls to AWS at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chalicelib.adapters.aws import CONNECTIONS

T = TypeVar("T")
R = TypeVar("R")


def at_once(act: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """What each act answers, in the order of the items; as many at a time as have a connection."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(act, items))

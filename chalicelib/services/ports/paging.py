"""Lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of a list, and the place after them; None where the list ends."""

    items: Sequence[Item]
    next: str | None = None


class Cursors(Protocol):
    """Places in lists as clients may hold them: opaque, and of nobody's making but ours."""

    def seal(self, place: str, of: str) -> str:
        """A text for this place in the list named `of`."""
        ...

    def open(self, cursor: str, of: str) -> str:
        """The place; Invalid unless it was sealed for this very list."""
        ...

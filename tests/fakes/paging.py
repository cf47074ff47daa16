"""Pages and cursors."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.errors import Invalid
from chalicelib.services.ports.paging import Page

T = TypeVar("T")


def page_of(items: Sequence[T], limit: int, place: Callable[[T], str]) -> Page[T]:
    """The first of what is left."""
    return Page(items[:limit], place(items[limit - 1]) if len(items) > limit else None)


class FakeCursors:
    """`ports.paging.Cursors`, readable; they are checked by holding them against their mirror."""

    def seal(self, place: str, of: str) -> str:
        body = f"{of}|{place}"
        return f"{body}|{body[::-1]}"

    def open(self, cursor: str, of: str) -> str:
        body = cursor[: len(cursor) // 2]
        place = body[len(of) + 1 :]
        if cursor != self.seal(place, of):
            problem = {
                "pointer": "/cursor",
                "detail": "Not a cursor of this list",
                "code": "cursor",
            }
            raise Invalid("The cursor is not one of this list", errors=[problem])
        return place

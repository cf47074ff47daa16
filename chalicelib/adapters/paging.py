"""Pages, from queries that may leave most of what they read out."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pynamodb.models import Model
from pynamodb.pagination import ResultIterator

from chalicelib.adapters.transactions import Item
from chalicelib.services.ports.paging import Page

FILTERED = 500
"""Rows a call where most may be left out."""
CALLS = 20
"""The most that one page may cost; what was read until then is a page, and may be a short one."""

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


def page_of(
    rows: ResultIterator[Row],
    of: Callable[[Item], T],
    limit: int,
    place: Callable[[Mapping[str, Any]], str],
) -> Page[T]:
    """At most `limit` of what a query finds; `place` names a row by its keys."""
    found: list[Item] = []
    pages = rows.page_iter
    for _ in range(CALLS):
        found += next(pages)["Items"]
        if len(found) > limit:
            return Page([of(item) for item in found[:limit]], place(found[limit - 1]))
        if pages.last_evaluated_key is None:
            break
    last = pages.last_evaluated_key
    return Page([of(item) for item in found], place(last) if last else None)

"""Lists over HTTP: cursors that only their own list takes, and links to the next page."""

import json
from typing import Any, TypeVar
from urllib.parse import urlencode

from chalicelib.api import wiring
from chalicelib.api.http import Request
from chalicelib.services.ports.paging import Page

Item = TypeVar("Item")


def place(request: Request[Any, Any]) -> str | None:
    """Where the wanted page begins; Invalid for a cursor that is not of this list."""
    cursor = request.query.cursor
    return cursor and wiring.services().cursors.open(cursor, _name(request))


def following(request: Request[Any, Any], page: Page[Item]) -> tuple[str | None, dict[str, str]]:
    """The cursor of the page after this one, and the header that links to it (RFC 8288)."""
    if page.next is None:
        return None, {}
    cursor = wiring.services().cursors.seal(page.next, _name(request))
    asked = {**_filters(request), "limit": request.query.limit, "cursor": cursor}
    link = f'<{request.base_url}{request.path}?{urlencode(asked)}>; rel="next"'
    return cursor, {"Link": link}


def _name(request: Request[Any, Any]) -> str:
    """The list as this caller filters it: a place in it means nothing in another."""
    return f"{request.path}?{urlencode(_filters(request))}#{request.origin.actor}"


def _filters(request: Request[Any, Any]) -> dict[str, Any]:
    paging = {"limit", "cursor"}
    found = request.query.model_dump(mode="json", exclude=paging, exclude_none=True)
    return {
        name: json.dumps(value) if isinstance(value, bool) else value
        for name, value in found.items()
    }

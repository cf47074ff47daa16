"""Many rows in one call, and what DynamoDB leaves of them in another."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.parallel import at_once
from chalicelib.adapters.transactions import Item
from chalicelib.errors import Unavailable

TRIES = 4
FIRST_WAIT = 0.05
"""Seconds before what DynamoDB left unprocessed is asked for again."""
WRITES = 25
"""The most that BatchWriteItem takes in one call."""

Keys = Mapping[str, Sequence[Mapping[str, Any]]]
"""Keys by table."""
Requests = Sequence[Mapping[str, Any]]
"""What to put and what to delete."""


def fetch(client: Client, keys: Keys) -> Mapping[str, list[Item]]:
    """The rows of at most 100 keys, by table, in one strongly consistent BatchGetItem."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    request = {table: {"Keys": each, "ConsistentRead": True} for table, each in keys.items()}
    for _ in _tries():
        with available("table"):
            answer = client.batch_get_item(RequestItems=request)
        for table, items in answer["Responses"].items():
            found[table] += items
        request = answer.get("UnprocessedKeys")
        if not request:
            break
    return found


def write(client: Client, table: str, requests: Requests) -> None:
    """Put and delete rows, 25 a call, each for itself and without conditions."""
    for chunk in _chunks(requests):
        if _left(client, table, chunk):
            raise Unavailable("The table could not be written, try again", retry_after=1)


def write_at_once(client: Client, table: str, requests: Requests) -> list[Mapping[str, Any]]:
    """The same, several calls at a time; what could not be written."""
    lefts = at_once(lambda chunk: _left(client, table, chunk), _chunks(requests))
    return [each for left in lefts for each in left]


def _chunks(requests: Requests) -> list[Requests]:
    """As many together as one call takes."""
    return [requests[at : at + WRITES] for at in range(0, len(requests), WRITES)]


def _left(client: Client, table: str, requests: Requests) -> Requests:
    """What of one call's requests is not written when waiting any longer helps nobody."""
    with suppress(Unavailable):
        for _ in _tries():
            with available("table"):
                answer = client.batch_write_item(RequestItems={table: requests})
            requests = answer.get("UnprocessedItems", {}).get(table, ())
            if not requests:
                break
    return requests


def _tries() -> Iterator[int]:
    """Until the caller is content; Unavailable when waiting any longer helps nobody."""
    for attempt in range(TRIES):
        yield attempt
        time.sleep(FIRST_WAIT * 2**attempt)
    raise Unavailable("The table is throttled, try again", retry_after=1)

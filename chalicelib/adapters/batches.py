"""Many rows in one call, and what DynamoDB leaves of them in another."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.transactions import Item
from chalicelib.errors import Unavailable

TRIES = 4
FIRST_WAIT = 0.05
"""Seconds before what DynamoDB left unprocessed is asked for again."""
WRITES = 25
"""The most that BatchWriteItem takes in one call."""

AT_ONCE = 4
"""Calls; as many as a client keeps connections."""

Keys = Mapping[str, Sequence[Mapping[str, Any]]]
"""Keys by table."""


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


def write(client: Client, table: str, requests: Sequence[Mapping[str, Any]]) -> None:
    """Put and delete rows, 25 a call, each for itself and without conditions."""
    for at in range(0, len(requests), WRITES):
        waiting: Mapping[str, Any] = {table: requests[at : at + WRITES]}
        for _ in _tries():
            with available("table"):
                answer = client.batch_write_item(RequestItems=waiting)
            waiting = answer.get("UnprocessedItems") or {}
            if not waiting:
                break


def write_at_once(
    client: Client, table: str, requests: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The same, several calls at a time; what could not be written."""
    chunks = [requests[at : at + WRITES] for at in range(0, len(requests), WRITES)]

    def attempt(chunk: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        try:
            write(client, table, chunk)
        except Unavailable:
            return chunk
        return []

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [each for left in pool.map(attempt, chunks) for each in left]


def _tries() -> Iterator[int]:
    """Until the caller is content; Unavailable when waiting any longer helps nobody."""
    for attempt in range(TRIES):
        yield attempt
        time.sleep(FIRST_WAIT * 2**attempt)
    raise Unavailable("The table is throttled, try again", retry_after=1)

"""Cache entries as rows of the predictions table; without PynamoDB, which the worker lacks.

A row is `pending` until its leader has a result, then `done`; `released` if there is none. Its
`ttl` is until when others may join a pending one, and until when a done one is fresh.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.transactions import Item
from chalicelib.domain.caching import Entry, Waiter

PENDING, DONE, RELEASED = "pending", "done", "released"


def entry_id(key: str) -> str:
    """The id of the row: no prediction has one like it."""
    return f"cache#{key}"


def item_of(key: str, entry: Entry) -> Item:
    """The row of an entry."""
    item: dict[str, Mapping[str, Any]] = {
        "id": {"S": entry_id(key)},
        "state": {"S": DONE if entry.is_done else PENDING},
        "leader": {"S": entry.leader},
        "waiters": {"L": [waiter_value(each) for each in entry.waiters]},
        "lifetime": {"N": str(entry.lifetime)},
        "ttl": {"N": str(entry.until)},
    }
    texts = {"output": entry.output, "version": entry.version}
    return item | {name: {"S": text} for name, text in texts.items() if text is not None}


def entry_in(item: Item) -> Entry:
    """The entry of a row; a released one is past its time."""
    return Entry(
        leader=item["leader"]["S"],
        waiters=waiters_in(item),
        lifetime=int(item["lifetime"]["N"]),
        until=int(item["ttl"]["N"]),
        output=item["output"]["S"] if "output" in item else None,
        version=item["version"]["S"] if "version" in item else None,
    )


def waiters_in(item: Item) -> tuple[Waiter, ...]:
    """Those who joined, in the order in which they did."""
    return tuple(_waiter(each["M"]) for each in item["waiters"]["L"])


def waiter_value(waiter: Waiter) -> Mapping[str, Any]:
    """One of the row's list."""
    value: dict[str, Any] = {
        "id": {"S": waiter.id},
        "user_id": {"S": waiter.user_id},
        "created_at": {"N": str(waiter.created_at)},
    }
    if waiter.deadline is not None:
        value["deadline"] = {"N": str(waiter.deadline)}
    return {"M": value}


def _waiter(value: Item) -> Waiter:
    return Waiter(
        id=value["id"]["S"],
        user_id=value["user_id"]["S"],
        created_at=int(value["created_at"]["N"]),
        deadline=int(value["deadline"]["N"]) if "deadline" in value else None,
    )

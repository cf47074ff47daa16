"""Cache entries as rows of the predictions table; without PynamoDB, which the worker lacks."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.transactions import Item
from chalicelib.domain.caching import Entry, Waiter


def entry_id(key: str) -> str:
    """The id of an entry's row; no prediction has such a one."""
    return f"cache#{key}"


def item_of(key: str, entry: Entry) -> Item:
    """The row of an entry that may be joined."""
    return {
        "id": {"S": entry_id(key)},
        "state": {"S": "pending"},
        "leader": {"S": entry.leader},
        "waiters": {"L": [waiter_value(each) for each in entry.waiters]},
        "lifetime": {"N": str(entry.lifetime)},
        "ttl": {"N": str(entry.until)},
    }


def entry_in(item: Item) -> Entry:
    """The entry of a row."""
    return Entry(
        leader=item["leader"]["S"],
        lifetime=int(item["lifetime"]["N"]),
        until=int(item["ttl"]["N"]),
        waiters=tuple(_waiter(each["M"]) for each in item["waiters"]["L"]),
        output=item.get("output", {}).get("S"),
        version=item.get("version", {}).get("S"),
    )


def waiter_value(waiter: Waiter) -> Mapping[str, Any]:
    """A waiter as an element of a row's list."""
    found = {
        "id": {"S": waiter.id},
        "user_id": {"S": waiter.user_id},
        "created_at": {"N": str(waiter.created_at)},
    }
    if waiter.deadline is not None:
        found["deadline"] = {"N": str(waiter.deadline)}
    return {"M": found}


def _waiter(value: Mapping[str, Any]) -> Waiter:
    return Waiter(
        id=value["id"]["S"],
        user_id=value["user_id"]["S"],
        created_at=int(value["created_at"]["N"]),
        deadline=int(value["deadline"]["N"]) if "deadline" in value else None,
    )

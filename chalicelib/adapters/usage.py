"""The usage table: one item a user, month and model; without PynamoDB, which the worker lacks.

`d01` to `d31` and `total` count what was accepted, and quotas are decided by them. `s01`, `f01`
and `p01` on are what workers add: succeeded, failed, and the milliseconds that it took.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.transactions import Item
from chalicelib.domain.access import Usage
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.usage import KEPT, DayOfUse, Tally
from chalicelib.settings import Settings

COUNTED = {"accepted": "d", "succeeded": "s", "failed": "f", "predict_ms": "p"}
"""The first letter of the attributes that count it."""
AFTER_NAMES = "$"
"""Sorts behind the `#` that ends a month."""


class UsageTable:
    """`ports.usage.UsageBook` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.usage_table

    def note(self, tally: Tally, at: int) -> None:
        """One update; with a client that tries again, it could count twice."""
        counted = {COUNTED[name]: vars(tally)[name] for name in ("succeeded", "failed")}
        counted[COUNTED["predict_ms"]] = tally.predict_ms
        added = {letter: str(number) for letter, number in counted.items() if number}
        with available("usage table"):
            self._client.update_item(
                TableName=self._table,
                Key={
                    "user_id": {"S": tally.user_id},
                    "period": {"S": period(month_of(at), tally.model)},
                },
                UpdateExpression="SET #ttl = if_not_exists(#ttl, :ttl) ADD "
                + ", ".join(f"#{letter} :{letter}" for letter in added),
                ExpressionAttributeNames={
                    "#ttl": "ttl",
                    **{f"#{letter}": f"{letter}{day_of(at):02d}" for letter in added},
                },
                ExpressionAttributeValues={
                    ":ttl": {"N": str(at // 1000 + KEPT)},
                    **{f":{letter}": {"N": number} for letter, number in added.items()},
                },
            )

    def days(self, user_id: str, first: date, last: date) -> Sequence[DayOfUse]:
        """One query over the months, for all models."""
        with available("usage table"):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="user_id = :user AND #period BETWEEN :first AND :last",
                ExpressionAttributeNames={"#period": "period"},
                ExpressionAttributeValues={
                    ":user": {"S": user_id},
                    ":first": {"S": _month(first)},
                    ":last": {"S": f"{_month(last)}{AFTER_NAMES}"},
                },
                ConsistentRead=True,
            )
            found = [day for page in pages for item in page["Items"] for day in _days(item)]
        return sorted(
            (day for day in found if first <= day.date <= last),
            key=lambda day: (day.date, day.model),
        )


def period(month: str, model: str) -> str:
    """The key of a month's usage of a model: a range query by month gets all models."""
    return f"{month}#{model}"


def usage_of(item: Item) -> Usage:
    """The counters of a usage item that quotas are decided by."""
    total = int(item.get("total", {"N": "0"})["N"])
    return Usage(total=total, days=_counts(item, COUNTED["accepted"]))


def _days(item: Item) -> Iterator[DayOfUse]:
    """The days of a month on which anything happened."""
    month, _, model = item["period"]["S"].partition("#")
    counts = {name: _counts(item, letter) for name, letter in COUNTED.items()}
    for day in sorted(set().union(*counts.values())):
        numbers = {name: found.get(day, 0) for name, found in counts.items()}
        if any(numbers.values()):
            yield DayOfUse(date.fromisoformat(f"{month}-{day:02d}"), model, **numbers)


def _counts(item: Item, letter: str) -> dict[int, int]:
    """By day of the month."""
    return {
        int(name[1:]): int(value["N"])
        for name, value in item.items()
        if len(name) == 3 and name[0] == letter and name[1:].isdecimal()
    }


def _month(day: date) -> str:
    return day.isoformat()[:7]

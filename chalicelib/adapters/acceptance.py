"""The transaction that accepts: the counter, the row, the key and the cache entry, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws import Client
from chalicelib.adapters.entry_rows import PENDING, entry_id, entry_in, item_of, waiter_value
from chalicelib.adapters.prediction_rows import row_of
from chalicelib.adapters.submission_rows import batch_item, receipt_in, receipt_item
from chalicelib.adapters.transactions import ConditionFailed, Item, commit
from chalicelib.adapters.usage import COUNTED, period, usage_of
from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import MOST_WAITERS, Join, Lead, Waiter
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.usage import KEPT
from chalicelib.errors import Unavailable
from chalicelib.services.ports.predictions import EntryMoved, KeyUsed
from chalicelib.settings import Settings

Operation = Mapping[str, Any]
NEW = "attribute_not_exists(id)"
OUTDATED = f"{NEW} OR #ttl <= :now"
"""There is none, or only what DynamoDB has yet to remove."""


@dataclass(frozen=True)
class Units:
    """So many of somebody's quota, at one instant (ms)."""

    grant: Grant
    at: int
    accepted: int = 1
    succeeded: int = 0
    """Of those, what the cache answered."""


class Acceptance:
    """Writes what was accepted."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.predictions_table
        self._usage = settings.usage_table
        self._pending = 2 * settings.visibility_timeout * 1000

    def accept(
        self,
        prediction: Prediction,
        grant: Grant,
        receipt: Receipt | None,
        part: Lead | Join | None,
    ) -> None:
        """One transaction; the id is its token, so a repeated call counts once."""
        at, ended = prediction.created_at, prediction.status is Status.SUCCEEDED
        row = row_of(prediction, self.due(prediction)).serialize()
        parts = [self._part(part, prediction)] if part else []
        self._write(Units(grant, at, succeeded=int(ended)), row, receipt, parts, prediction.id)

    def accept_batch(self, batch: Batch, grant: Grant, receipt: Receipt | None) -> None:
        """The same, without the rows of its predictions."""
        units = Units(grant, batch.created_at, accepted=batch.size)
        self._write(units, batch_item(batch), receipt, [], batch.id)

    def due(self, prediction: Prediction) -> int:
        """When somebody is to look after it (ms)."""
        return prediction.created_at + self._pending

    def _write(
        self,
        units: Units,
        row: Item,
        receipt: Receipt | None,
        parts: Sequence[Operation],
        token: str,
    ) -> None:
        put = {"Put": {"TableName": self._table, "Item": row, "ConditionExpression": NEW}}
        operations: list[Operation] = [{"Update": _count(self._usage, units)}, put]
        operations += [self._receipt(receipt, units.at)] if receipt else []
        try:
            commit(self._client, [*operations, *parts], token)
        except ConditionFailed as failure:
            _refuse(failure, units, bool(receipt), bool(parts))

    def _receipt(self, receipt: Receipt, now: int) -> dict[str, Any]:
        return {"Put": self._new_or_outdated(receipt_item(receipt), now)}

    def _part(self, part: Lead | Join, prediction: Prediction) -> Operation:
        now = prediction.created_at
        if isinstance(part, Lead):
            return {"Put": self._new_or_outdated(item_of(part.key, part.entry), now)}
        waiter = Waiter(prediction.id, prediction.user_id, now, prediction.expires_at)
        return {"Update": self._joined(part, waiter, now)}

    def _new_or_outdated(self, item: Item, now: int) -> Operation:
        return {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": OUTDATED,
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {":now": {"N": str(now // 1000)}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def _joined(self, part: Join, waiter: Waiter, now: int) -> Operation:
        """One waiter more, as long as it is that leader's and has neither ended nor filled up."""
        names = ("state", "leader", "waiters", "ttl")
        return {
            "TableName": self._table,
            "Key": {"id": {"S": entry_id(part.key)}},
            "UpdateExpression": "SET #waiters = list_append(#waiters, :waiter)",
            "ConditionExpression": "#state = :pending AND #leader = :leader AND #ttl > :now "
            "AND size(#waiters) < :most",
            "ExpressionAttributeNames": {f"#{name}": name for name in names},
            "ExpressionAttributeValues": {
                ":waiter": {"L": [waiter_value(waiter)]},
                ":pending": {"S": PENDING},
                ":leader": {"S": part.leader},
                ":now": {"N": str(now // 1000)},
                ":most": {"N": str(MOST_WAITERS)},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def _count(table: str, units: Units) -> dict[str, object]:
    """So many more in the day and in the month, if both limits leave room for them."""
    day = f"{day_of(units.at):02d}"
    added = {"#day": COUNTED["accepted"] + day, "#total": "total"}
    counts = {":units": {"N": str(units.accepted)}}
    change = "SET last_at = :now, #ttl = if_not_exists(#ttl, :ttl) ADD #day :units, #total :units"
    if units.succeeded:
        added["#succeeded"] = COUNTED["succeeded"] + day
        counts[":succeeded"] = {"N": str(units.succeeded)}
        change += ", #succeeded :succeeded"
    conditions, limits = _room(units)
    times = {":now": {"N": str(units.at)}, ":ttl": {"N": str(units.at // 1000 + KEPT)}}
    update: dict[str, object] = {
        "TableName": table,
        "Key": {
            "user_id": {"S": units.grant.user_id},
            "period": {"S": period(month_of(units.at), units.grant.model)},
        },
        "UpdateExpression": change,
        "ExpressionAttributeNames": {**added, "#ttl": "ttl"},
        "ExpressionAttributeValues": {**counts, **times, **limits},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return update | ({"ConditionExpression": " AND ".join(conditions)} if conditions else {})


def _room(units: Units) -> tuple[list[str], dict[str, Mapping[str, str]]]:
    """What has to hold of the counters; nothing does of those that are not there yet."""
    conditions: list[str] = []
    values: dict[str, Mapping[str, str]] = {}
    for name, limit in (("day", units.grant.daily), ("total", units.grant.monthly)):
        if limit is not None:
            conditions.append(f"(attribute_not_exists(#{name}) OR #{name} <= :{name})")
            values[f":{name}"] = {"N": str(limit - units.accepted)}
    return conditions, values


def _refuse(failure: ConditionFailed, units: Units, has_receipt: bool, has_part: bool) -> None:
    """Say what changed between the first read and the transaction."""
    olds, broken = failure.olds, failure.broken
    if has_receipt and broken[2] and (used := olds[2]):
        raise KeyUsed(receipt_in(used)) from None
    if broken[0]:
        counter = olds[0]
        used_up = usage_of(counter) if counter else Usage()
        require_room(units.grant, used_up, units.at, units.accepted)
    if has_part and broken[-1]:
        entry = olds[-1]
        raise EntryMoved(entry_in(entry) if entry else None) from None
    raise Unavailable("The prediction could not be stored, try again", retry_after=1)

"""What has not ended, by the sparse index of rows that are due."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.endings import OPEN, units_back
from chalicelib.adapters.prediction_rows import prediction_in
from chalicelib.adapters.submission_rows import batch_in, batch_named, batch_row_id
from chalicelib.adapters.transactions import ConditionFailed, Item, commit
from chalicelib.domain.batches import Batch
from chalicelib.services.ports.repairs import Due, Open
from chalicelib.settings import Settings


class RepairTable:
    """`ports.repairs.Repairs` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.predictions_table
        self._usage = settings.usage_table

    def due(self, shard: int, now: int, most: int) -> Sequence[Due]:
        """One query of the index, which has keys only."""
        with available("table"):
            found = self._client.query(
                TableName=self._table,
                IndexName="due",
                KeyConditionExpression="#shard = :shard AND #due <= :now",
                ExpressionAttributeNames={"#shard": "shard", "#due": "due"},
                ExpressionAttributeValues={":shard": {"N": str(shard)}, ":now": {"N": str(now)}},
                Limit=most,
            )
        return [_due(item) for item in found["Items"]]

    def take(self, due: Due, now: int, until: int) -> Open | Batch | None:
        """One conditional update, which is also the read."""
        with available("table"):
            item = self._taken(due, now, until)
        if item is None:
            return None
        if due.is_batch:
            return batch_in(item)
        return Open(prediction_in(item), int(item.get("sweeps", {"N": "0"})["N"]))

    def settle(self, batch: Batch, missing: int) -> bool:
        """One transaction."""
        operations = [{"Update": self._settled(batch)}]
        if missing:
            operations.append({"Update": units_back(self._usage, batch, missing)})
        try:
            commit(self._client, operations, token=str(uuid4()))
        except ConditionFailed as failure:
            return not failure.broken[0] and self.settle(batch, 0)
        return True

    def _taken(self, due: Due, now: int, until: int) -> Item | None:
        """The row after the update; as it is without one if only its deadline was in the way."""
        names = ("shard", "due", "sweeps", "expires_at")
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": batch_row_id(due.id) if due.is_batch else due.id}},
                UpdateExpression="SET #due = :until ADD #sweeps :one",
                ConditionExpression=f"{OPEN} AND #due = :due "
                "AND (attribute_not_exists(#expires_at) OR #expires_at > :now)",
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues={
                    ":due": {"N": str(due.at)},
                    ":now": {"N": str(now)},
                    ":until": {"N": str(until)},
                    ":one": {"N": "1"},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _late(error, due)
        found: Item = answer["Attributes"]
        return found

    def _settled(self, batch: Batch) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Key": {"id": {"S": batch_row_id(batch.id)}},
            "UpdateExpression": "REMOVE #shard, #due",
            "ConditionExpression": OPEN,
            "ExpressionAttributeNames": {"#shard": "shard", "#due": "due"},
        }


def _due(item: Item) -> Due:
    id, at = item["id"]["S"], int(item["due"]["N"])
    batch_id = batch_named(id)
    return Due(batch_id or id, at, is_batch=batch_id is not None)


def _late(error: ClientError, due: Due) -> Item | None:
    """The row that did not meet the condition, if it is due as it was: nothing else is left."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    response: Any = error.response
    item: Item | None = response.get("Item")
    return item if item and item.get("due") == {"N": str(due.at)} else None

"""Ending a prediction that has no result; without PynamoDB, which the worker lacks."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.transactions import ConditionFailed, Item, commit
from chalicelib.adapters.usage import period
from chalicelib.domain.batches import Batch
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Failure, Job, Status
from chalicelib.settings import Settings

OPEN = "attribute_exists(#shard)"
"""A row carries `shard` until it is terminal."""
CHARGED = f"{OPEN} AND #charged = :true"
WAITING = f"{CHARGED} AND #status = :queued"

Counted = Job | Batch
"""What units were counted for: it tells whose, of which model, and when."""


class Endings:
    """Two ways to end: with the unit of quota given back, and without."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._predictions = settings.predictions_table
        self._usage = settings.usage_table

    def refund(
        self, job: Job, status: Status, now: int, condition: str, error: Failure | None = None
    ) -> None:
        """End it and give the unit back, or neither: one transaction.

        ConditionFailed unless the condition holds and there is a unit to give back.
        """
        row = self._end(job, status, now, condition, error, charged=False)
        unit = units_back(self._usage, job)
        commit(self._client, [{"Update": row}, {"Update": unit}], token=str(uuid4()))

    def end(self, job: Job, status: Status, now: int, error: Failure | None = None) -> Item:
        """The row as it is afterwards; ConditionFailed if it is terminal or not there."""
        update = self._end(job, status, now, OPEN, error, charged=None)
        with available("table"):
            try:
                answer = self._client.update_item(**update, ReturnValues="ALL_NEW")
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                raise ConditionFailed([True], [_item(error)]) from error
        found: Item = answer["Attributes"]
        return found

    def _end(
        self,
        job: Job,
        status: Status,
        now: int,
        condition: str,
        error: Failure | None,
        *,
        charged: bool | None,
    ) -> dict[str, Any]:
        """An update; DynamoDB takes only names and values that it has a use for."""
        names = ["status", "completed_at", "changed_at", "shard", "due"]
        values: dict[str, Any] = {":status": {"S": status.value}, ":now": {"N": str(now)}}
        changes = "#status = :status, #completed_at = :now, #changed_at = :now"
        if charged is not None:
            names.append("charged")
            values |= {":charged": {"BOOL": charged}, ":true": {"BOOL": True}}
            changes += ", #charged = :charged"
        if error is not None:
            names.append("error")
            values[":error"] = {"S": json.dumps(vars(error))}
            changes += ", #error = :error"
        if condition == WAITING:
            values[":queued"] = {"S": Status.QUEUED.value}
        return {
            "TableName": self._predictions,
            "Key": {"id": {"S": job.id}},
            "UpdateExpression": f"SET {changes} REMOVE #shard, #due",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in names},
            "ExpressionAttributeValues": values,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def units_back(table: str, of: Counted, units: int = 1) -> dict[str, object]:
    """So many units less in the day and in the month of acceptance, never below 0."""
    return {
        "TableName": table,
        "Key": {
            "user_id": {"S": of.user_id},
            "period": {"S": period(month_of(of.created_at), of.model)},
        },
        "UpdateExpression": "ADD #day :back, #total :back",
        "ConditionExpression": "#day >= :units AND #total >= :units",
        "ExpressionAttributeNames": {"#day": f"d{day_of(of.created_at):02d}", "#total": "total"},
        "ExpressionAttributeValues": {":back": {"N": str(-units)}, ":units": {"N": str(units)}},
    }


def _item(error: ClientError) -> Item | None:
    """The row that the condition did not hold for."""
    response: Mapping[str, Any] = error.response
    return response.get("Item")

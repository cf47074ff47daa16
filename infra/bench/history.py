"""Whether what was asked before makes a submit any dearer."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.ids import uuid7
from infra.bench import together
from infra.bench.alone import Values
from infra.bench.stack import Stack

EARLIER = 100_000
"""Predictions of the same user."""
CLIENTS = 8
ROWS_A_CALL = 25
COMPARED = {
    "accepted.8": "history.accepted",
    "accepted.8.functions": "history.cpu",
    "latency.close.p50": "history.latency",
}


def with_history(stack: Stack, before: Mapping[str, float]) -> Values:
    """Rate, CPU and latency of submits after so many, in percent of what they were before."""
    _remember(stack, _ended(stack))
    after = together.accepted(stack, CLIENTS) | together.latencies(stack)
    return {key: after[name] / before[name] * 100 for name, key in COMPARED.items()}


def _ended(stack: Stack) -> dict[str, Any]:
    """The row of the user's latest prediction, which has ended as all of them have."""
    dynamodb, table = stack.cloud.client("dynamodb"), stack.outputs["PredictionsTable"]
    (latest,) = dynamodb.query(
        TableName=table,
        IndexName="by_owner",
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": stack.user_id}},
        ScanIndexForward=False,
        Limit=1,
    )["Items"]
    found: dict[str, Any] = dynamodb.get_item(TableName=table, Key={"id": latest["id"]})["Item"]
    return found


def _remember(stack: Stack, row: dict[str, Any]) -> None:
    """So many copies of it, each a millisecond before the other."""
    dynamodb, table = stack.cloud.client("dynamodb"), stack.outputs["PredictionsTable"]
    latest = int(row["created_at"]["N"])
    for began in range(0, EARLIER, ROWS_A_CALL):
        puts = _puts(row, range(latest - began - ROWS_A_CALL, latest - began))
        dynamodb.batch_write_item(RequestItems={table: puts})


def _puts(row: dict[str, Any], instants: Sequence[int]) -> list[Any]:
    return [{"PutRequest": {"Item": {**row, "id": {"S": uuid7(at)}}}} for at in instants]

"""How fast the worker empties a queue that is full already."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from chalicelib.domain.ids import shard_of, uuid7
from infra.bench.errors import Unmeasured
from infra.bench.stack import Stack

QUEUED = 2000
PATIENCE = 60.0
ROWS_A_CALL, MESSAGES_A_CALL = 25, 10
QUEUE = "LightInteractiveQueueUrl"
DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")

T = TypeVar("T")


def drained_per_second(stack: Stack) -> float:
    """From the first receive to the last result, by the worker's own clock.

    One submit is copied: rows and messages are as the API makes them, without 2,000 submits.
    """
    mapping = _Mapping(stack)
    mapping.switch(on=False)
    try:
        row, message = _sample(stack)
        ids = [uuid7(row["created_at"]) for _ in range(QUEUED)]
        _store(stack, row["item"], ids)
        _queue(stack, message, ids)
    finally:
        mapping.switch(on=True)
    wait_until_idle(stack)
    return QUEUED / _span(stack, ids)


def wait_until_idle(stack: Stack, queue: str = QUEUE) -> None:
    """Return when the queue holds nothing more."""
    sqs, url = stack.cloud.client("sqs"), stack.outputs[queue]

    def is_idle() -> bool:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(DEPTHS))["Attributes"]
        return not any(int(found[name]) for name in DEPTHS)

    _await(is_idle, "What empties a queue", f"messages are left ({queue})")


class _Mapping:
    """What leads that queue to its worker."""

    def __init__(self, stack: Stack) -> None:
        self._lambda = stack.cloud.client("lambda")
        wanted = {"QueueUrl": stack.outputs[QUEUE], "AttributeNames": ["QueueArn"]}
        queue = stack.cloud.client("sqs").get_queue_attributes(**wanted)["Attributes"]["QueueArn"]
        found = self._lambda.list_event_source_mappings(EventSourceArn=queue)
        (mapping,) = found["EventSourceMappings"]
        self._id = mapping["UUID"]

    def switch(self, *, on: bool) -> None:
        """On or off, from now on."""
        self._lambda.update_event_source_mapping(UUID=self._id, Enabled=on)
        wanted = "Enabled" if on else "Disabled"
        _await(lambda: self._state() == wanted, "The event source", f"it is not {wanted}")

    def _state(self) -> str:
        return str(self._lambda.get_event_source_mapping(UUID=self._id)["State"])


def _sample(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row and its message, as one submit leaves them; the message is taken from the queue."""
    stack.load(1, 1)
    sqs, url = stack.cloud.client("sqs"), stack.outputs[QUEUE]
    (received,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])
    message = json.loads(received["Body"])
    item = stack.cloud.client("dynamodb").get_item(
        TableName=stack.outputs["PredictionsTable"], Key={"id": {"S": message["id"]}}
    )["Item"]
    return {"item": item, "created_at": message["created_at"]}, message


def _store(stack: Stack, item: dict[str, Any], ids: Sequence[str]) -> None:
    table, dynamodb = stack.outputs["PredictionsTable"], stack.cloud.client("dynamodb")
    for chunk in _chunks(ids, ROWS_A_CALL):
        rows = [{**item, "id": {"S": id}, "shard": {"N": str(shard_of(id))}} for id in chunk]
        puts = [{"PutRequest": {"Item": row}} for row in rows]
        dynamodb.batch_write_item(RequestItems={table: puts})


def _queue(stack: Stack, message: dict[str, Any], ids: Sequence[str]) -> None:
    sqs, url = stack.cloud.client("sqs"), stack.outputs[QUEUE]
    for chunk in _chunks(ids, MESSAGES_A_CALL):
        bodies = [json.dumps({**message, "id": id}) for id in chunk]
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def _span(stack: Stack, ids: Sequence[str]) -> float:
    """Seconds from the start of the first to the end of the last."""
    pages = stack.cloud.client("dynamodb").get_paginator("scan")
    table, wanted = stack.outputs["PredictionsTable"], set(ids)
    rows = [
        item
        for page in pages.paginate(TableName=table)
        for item in page["Items"]
        if item["id"]["S"] in wanted
    ]
    if any(row["status"] != {"S": "succeeded"} for row in rows):
        raise Unmeasured("The worker", "not every queued prediction succeeded")
    began = min(int(row["started_at"]["N"]) for row in rows)
    return max(1, max(int(row["completed_at"]["N"]) for row in rows) - began) / 1000


def _await(happened: Callable[[], bool], what: str, otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise Unmeasured(what, f"after {PATIENCE:.0f} s {otherwise}")
        time.sleep(0.05)


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[at : at + size] for at in range(0, len(items), size))

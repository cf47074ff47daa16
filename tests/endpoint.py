"""The adapters on tables and a queue of their own, at an endpoint that some program answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chalicelib.adapters import tables
from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts import AccountTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.predictions import Job
from chalicelib.settings import Settings
from tests.contracts import Line, Stores
from tests.integration.cloud import template_tables

MakeClient = Callable[[str], Any]


@contextmanager
def stores_at(make_client: MakeClient) -> Iterator[Stores]:
    """Empty tables with the keys and indexes of the template, until the end of the block."""
    dynamodb, mark = make_client("dynamodb"), uuid4().hex[:8]
    declared = template_tables()
    settings = Settings(**{name: f"{name}-{mark}" for name in declared})
    with ExitStack() as closing:
        for name, properties in declared.items():
            table = getattr(settings, name)
            dynamodb.create_table(TableName=table, **properties)
            closing.callback(dynamodb.delete_table, TableName=table)
        tables.bind(settings, dynamodb)
        yield Stores(
            TableReader(dynamodb, settings),
            AccountTable(dynamodb),
            AccessTable(dynamodb, settings),
            PredictionTable(dynamodb, settings),
            ResultTable(dynamodb, settings),
            Switch(dynamodb, settings.catalogue_table),
        )


@contextmanager
def line_at(make_client: MakeClient) -> Iterator[Line]:
    """An empty queue, until the end of the block."""
    sqs = make_client("sqs")
    url = sqs.create_queue(QueueName=f"interactive-{uuid4().hex[:8]}")["QueueUrl"]
    try:
        yield Line(SqsQueue(sqs, url), lambda: received(sqs, url))
    finally:
        sqs.delete_queue(QueueUrl=url)


@dataclass(frozen=True)
class Switch:
    """Disables a model."""

    dynamodb: Any
    table: str

    def __call__(self, model: str) -> None:
        row = {"pk": {"S": "model"}, "sk": {"S": model}, "enabled": {"BOOL": False}}
        self.dynamodb.put_item(TableName=self.table, Item=row)


def received(sqs: Any, url: str) -> list[Job | None]:
    """The jobs of the messages that wait; what a worker would find in its event."""
    found: Mapping[str, Any] = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=5,
        AttributeNames=["ApproximateReceiveCount"],
    )
    return [
        delivery_of(
            {"messageId": m["MessageId"], "body": m["Body"], "attributes": m["Attributes"]}
        ).job
        for m in found.get("Messages", [])
    ]

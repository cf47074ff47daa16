"""The adapters on tables and a queue of their own, at an endpoint that some program answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts.api_keys import ApiKeyTable
from chalicelib.adapters.accounts.audit import AuditTable
from chalicelib.adapters.accounts.counters import CounterTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.outbox import SqsOutbox, letter_of
from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.dead_letters import DeadLetterTable
from chalicelib.adapters.entry_rows import entry_id, entry_in, item_of
from chalicelib.adapters.erasures import SqsErasures, erasure_of
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.gauge import SqsGauge
from chalicelib.adapters.policies import PolicyTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of, named
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.repairs import RepairTable
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.switches import SwitchTable
from chalicelib.adapters.tables.binding import bind
from chalicelib.adapters.usage import UsageTable
from chalicelib.domain.caching import Entry
from chalicelib.domain.predictions import Job
from chalicelib.settings import Queues, Settings
from tests.contracts import Box, Chute, Gauged, Line, Stores
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
        bind(settings, dynamodb)
        yield table_stores(dynamodb, settings)


def table_stores(dynamodb: Any, settings: Settings) -> Stores:
    """The adapters of all that is kept in tables."""
    predictions = settings.predictions_table

    def put_entry(key: str, entry: Entry) -> None:
        dynamodb.put_item(TableName=predictions, Item=item_of(key, entry))

    def entry(key: str) -> Entry | None:
        id = {"id": {"S": entry_id(key)}}
        found = dynamodb.get_item(TableName=predictions, Key=id, ConsistentRead=True)
        return entry_in(found["Item"]) if "Item" in found else None

    return Stores(
        reader=TableReader(dynamodb, settings),
        users=UserTable(dynamodb),
        sessions=SessionTable(),
        api_keys=ApiKeyTable(),
        one_time_tokens=OneTimeTokenTable(),
        counters=CounterTable(dynamodb, settings),
        trail=AuditTable(),
        policies=PolicyTable(dynamodb),
        access=AccessTable(dynamodb, settings),
        usage=UsageTable(dynamodb, settings),
        switches=SwitchTable(dynamodb, settings),
        figures=FigureTable(dynamodb, settings),
        predictions=PredictionTable(dynamodb, settings),
        results=ResultTable(dynamodb, settings),
        entries=CacheEntryTable(dynamodb, settings),
        repairs=RepairTable(dynamodb, settings),
        dead_letters=DeadLetterTable(dynamodb, settings),
        put_entry=put_entry,
        entry=entry,
    )


@contextmanager
def line_at(make_client: MakeClient) -> Iterator[Line]:
    """Empty queues for jobs, until the end of the block."""
    sqs = make_client("sqs")
    with _queues(sqs) as queues:
        yield line_of(sqs, queues)


def line_of(sqs: Any, queues: Queues) -> Line:
    """What sends to these queues, and what takes all out of one of them."""
    return Line(
        SqsQueue(sqs, queues),
        lambda kind: [_job(each) for each in taken(sqs, queues["light"][kind])],
    )


@contextmanager
def box_at(make_client: MakeClient) -> Iterator[Box]:
    """An empty queue for letters, until the end of the block."""
    sqs = make_client("sqs")
    with _queue(sqs) as url:
        yield Box(
            SqsOutbox(sqs, url), lambda: [letter_of(each["Body"]) for each in received(sqs, url)]
        )


@contextmanager
def chute_at(make_client: MakeClient) -> Iterator[Chute]:
    """An empty queue for erasures, until the end of the block."""
    sqs = make_client("sqs")
    with _queue(sqs) as url:
        yield chute_of(sqs, url)


def chute_of(sqs: Any, url: str) -> Chute:
    """What asks for erasures at this queue, and what takes them from there."""
    return Chute(
        SqsErasures(sqs, url), lambda: [erasure_of(each["Body"]) for each in taken(sqs, url)]
    )


@contextmanager
def gauged_at(make_client: MakeClient) -> Iterator[Gauged]:
    """Four empty queues, until the end of the block."""
    sqs = make_client("sqs")
    with _queues(sqs) as queues, _queue(sqs) as mail, _queue(sqs) as erasures:
        yield gauge_of(sqs, queues, mail, erasures)


def gauge_of(sqs: Any, queues: Queues, mail: str, erasures: str) -> Gauged:
    """What looks at these queues, and what fills them."""
    gauge = SqsGauge(sqs, {**named(queues), "mail": mail, "erasures": erasures})
    return Gauged(SqsQueue(sqs, queues), SqsOutbox(sqs, mail), SqsErasures(sqs, erasures), gauge)


@contextmanager
def _queues(sqs: Any) -> Iterator[Queues]:
    """Those of one worker profile."""
    with _queue(sqs) as interactive, _queue(sqs) as bulk:
        yield {"light": {"interactive": interactive, "bulk": bulk}}


@contextmanager
def _queue(sqs: Any) -> Iterator[str]:
    url = str(sqs.create_queue(QueueName=f"test-{uuid4().hex[:8]}")["QueueUrl"])
    try:
        yield url
    finally:
        sqs.delete_queue(QueueUrl=url)


def received(sqs: Any, url: str, seconds: int = 5) -> list[Mapping[str, Any]]:
    """Up to ten messages that wait."""
    found: Mapping[str, Any] = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=seconds,
        AttributeNames=["ApproximateReceiveCount"],
    )
    return list(found.get("Messages", []))


def taken(sqs: Any, url: str) -> list[Mapping[str, Any]]:
    """The messages that wait, until there are no more."""
    found: list[Mapping[str, Any]] = []
    while some := received(sqs, url, seconds=1):
        found += some
        for each in some:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def _job(message: Mapping[str, Any]) -> Job | None:
    """What a worker would find in its event."""
    return delivery_of(
        {
            "messageId": message["MessageId"],
            "body": message["Body"],
            "attributes": message["Attributes"],
        }
    ).job

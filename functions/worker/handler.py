"""The worker: takes a batch from the queue, predicts, writes, returns what must come again."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.adapters.aws import client
from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.usage import UsageTable
from chalicelib.inference.catalogue import Catalogue, artifacts_of
from chalicelib.inference.runner import Runner
from chalicelib.observability import logger
from chalicelib.services.execution import Execution
from chalicelib.services.joining import Joining
from chalicelib.services.measuring import Measuring
from chalicelib.services.metering import Metering
from chalicelib.services.prediction import Predicting
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> tuple[Execution, SqsQueue]:
    """The worker on real adapters, and its queue."""
    catalogue, dynamodb = Catalogue.discover(), client("dynamodb", attempts=3)
    # Never tried again: a call that was made and not answered would count twice.
    once = client("dynamodb", attempts=1)
    results = ResultTable(dynamodb, settings())
    entries = CacheEntryTable(dynamodb, settings())
    queue = SqsQueue(client("sqs", attempts=3), settings().queues)
    execution = Execution(
        Predicting(catalogue, Runner(artifacts_of()), now),
        results,
        Joining(entries, results, queue, catalogue, now),
        Metering(UsageTable(once, settings()), now),
        Measuring(FigureTable(once, settings()), now),
        now,
    )
    return execution, queue


execution, queue = compose()


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{"batchItemFailures": …}`; never raises, also when every message must come again."""
    records = event["Records"]
    deliveries, delete = [delivery_of(each) for each in records], partial(queue.delete, records)
    returned = execution.run(deliveries, context.get_remaining_time_in_millis, delete)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in returned]}

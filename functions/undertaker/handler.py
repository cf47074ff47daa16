"""The undertaker: takes what the queues gave up, ends it, and keeps it as dead letters."""

import time
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.adapters.aws import client
from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.dead_letters import DeadLetterTable, message_of
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.tables import binding
from chalicelib.inference.catalogue import Catalogue
from chalicelib.observability import logger
from chalicelib.services.joining import Joining
from chalicelib.services.undertaking import Undertaking
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> Undertaking:
    """The undertaker on real adapters."""
    dynamodb, chosen = client("dynamodb", attempts=3), settings()
    binding.bind(chosen, dynamodb)
    results, entries = ResultTable(dynamodb, chosen), CacheEntryTable(dynamodb, chosen)
    queue = SqsQueue(client("sqs", attempts=3), chosen.queues)
    return Undertaking(
        PredictionTable(dynamodb, chosen),
        results,
        Joining(entries, results, queue, Catalogue.discover(), now),
        DeadLetterTable(dynamodb, chosen),
        now,
    )


undertaking = compose()
# A message that is not done with comes again; nothing is raised, for it could not say which.
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def bury(record: SQSRecord) -> None:
    """One message."""
    undertaking.bury(message_of(record.raw_event))


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> Any:
    """`{"batchItemFailures": …}`."""
    return process_partial_response(dict(event), bury, processor, context)

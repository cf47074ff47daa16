"""The eraser: takes erasures from the queue, and forgets what removed users had predicted."""

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

from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.aws import client
from chalicelib.adapters.erasures import SqsErasures, erasure_of
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.tables import binding
from chalicelib.observability import logger
from chalicelib.services.erasing import Erasing
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> Erasing:
    """The eraser on real adapters."""
    dynamodb, chosen = client("dynamodb", attempts=3), settings()
    binding.bind(chosen, dynamodb)
    queue = SqsErasures(client("sqs", attempts=3), chosen.erasure_queue_url)
    return Erasing(UserTable(dynamodb), PredictionTable(dynamodb, chosen), queue, now)


erasing = compose()
# An erasure that fails comes again; nothing is raised, for it could not say which.
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def erase(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """One erasure; what is none can never be carried out and goes to the dead letters."""
    erasure = erasure_of(record.body)
    if erasure is None:
        raise ValueError("not an erasure")
    erasing.work(erasure, lambda_context.get_remaining_time_in_millis)


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> Any:
    """`{"batchItemFailures": …}`."""
    return process_partial_response(dict(event), erase, processor, context)

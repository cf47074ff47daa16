"""The sweeper: looks each minute after what was accepted and has not ended."""

import time
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.adapters.aws import client
from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.gauge import SqsGauge
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, named
from chalicelib.adapters.repairs import RepairTable
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.tables import binding
from chalicelib.inference.catalogue import Catalogue
from chalicelib.observability import logger
from chalicelib.services.joining import Joining
from chalicelib.services.sweeping import Sweeping
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> Sweeping:
    """The sweeper on real adapters."""
    dynamodb, sqs, chosen = client("dynamodb", attempts=3), client("sqs", attempts=3), settings()
    binding.bind(chosen, dynamodb)
    catalogue, results = Catalogue.discover(), ResultTable(dynamodb, chosen)
    queue = SqsQueue(sqs, chosen.queues)
    return Sweeping(
        RepairTable(dynamodb, chosen),
        PredictionTable(dynamodb, chosen),
        results,
        Joining(CacheEntryTable(dynamodb, chosen), results, queue, catalogue, now),
        queue,
        SqsGauge(sqs, named(chosen.queues)),
        catalogue,
        now,
        chosen.visibility_timeout,
    )


sweeping = compose()


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> None:
    """One sweep; what the event says does not matter, and nobody hears an answer."""
    sweeping.sweep(context.get_remaining_time_in_millis)

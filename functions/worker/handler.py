"""The worker: takes a batch from the queue, predicts, writes, returns what must come again."""

import time
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.adapters.aws import client
from chalicelib.adapters.queue import delivery_of
from chalicelib.adapters.results import ResultTable
from chalicelib.adapters.usage import UsageTable
from chalicelib.inference.catalogue import Catalogue, artifacts_of
from chalicelib.inference.runner import Runner
from chalicelib.observability import logger
from chalicelib.services.execution import Execution
from chalicelib.services.metering import Metering
from chalicelib.services.prediction import Predicting
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> Execution:
    """The worker on real adapters."""
    predicting = Predicting(Catalogue.discover(), Runner(artifacts_of()), now)
    results = ResultTable(client("dynamodb", attempts=3), settings())
    # Never tried again: a call that was made and not answered would count twice.
    metering = Metering(UsageTable(client("dynamodb", attempts=1), settings()), now)
    return Execution(predicting, results, metering, now)


execution = compose()


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{"batchItemFailures": …}`; never raises, also when every message must come again."""
    deliveries = [delivery_of(record) for record in event["Records"]]
    returned = execution.run(deliveries, context.get_remaining_time_in_millis)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in returned]}

"""The mailer: takes letters from the queue, writes the mails, sends them."""

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

from chalicelib.adapters.accounts.counters import CounterTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.outbox import letter_of
from chalicelib.adapters.accounts.postman import SesPostman
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.aws import client
from chalicelib.adapters.tables import binding
from chalicelib.observability import logger
from chalicelib.services.accounts.mailing import Mailing
from chalicelib.settings import settings


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def compose() -> Mailing:
    """The mailer on real adapters."""
    dynamodb, chosen = client("dynamodb", attempts=3), settings()
    binding.bind(chosen, dynamodb)
    return Mailing(
        UserTable(dynamodb),
        OneTimeTokenTable(),
        CounterTable(dynamodb, chosen),
        SesPostman(client("ses", attempts=3), chosen.mail_sender),
        now,
        chosen,
    )


mailing = compose()
# One letter that fails comes again alone; nothing is raised, also when all of them fail.
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def deliver(record: SQSRecord) -> None:
    """One letter; what is none can never be delivered and goes to the dead letters."""
    letter = letter_of(record.body)
    if letter is None:
        raise ValueError("not a letter")
    mailing.deliver(letter)


@logger.inject_lambda_context(clear_state=True)
def handler(event: Mapping[str, Any], context: LambdaContext) -> Any:
    """`{"batchItemFailures": …}`."""
    return process_partial_response(dict(event), deliver, processor, context)

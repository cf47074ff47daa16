"""The undertaker's handler, as Lambda calls it with what a worker's queue gave up."""

from typing import Any
from uuid import uuid4

from chalicelib.adapters.queue import JOB
from chalicelib.domain.predictions import Job
from tests.integration.worker import Context
from tests.samples import event


class Undertaker:
    """Buries what a test gives it."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler

    def bury(self, *records: dict[str, Any]) -> list[str]:
        """The ids of messages that are to come again."""
        answer = self._handler({"Records": list(records)}, Context(60_000, "undertaker"))
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def given_up(of: Job | str) -> dict[str, Any]:
    """The record of a message that a worker had five times."""
    [record] = event("sqs_given_up")["Records"]
    body = of if isinstance(of, str) else JOB.dump_json(of).decode()
    return {**record, "messageId": str(uuid4()), "body": body}

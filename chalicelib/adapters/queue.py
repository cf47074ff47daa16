"""Jobs as SQS messages."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.aws import Client, available
from chalicelib.domain.predictions import Job
from chalicelib.services.execution import Delivery

JOB = TypeAdapter(Job)


class SqsQueue:
    """`ports.predictions.JobQueue` on SQS."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job: Job) -> None:
        """One call."""
        body = json.dumps(vars(job), ensure_ascii=False, separators=(",", ":"))
        with available("queue"):
            self._client.send_message(QueueUrl=self._url, MessageBody=body)


def delivery_of(record: Mapping[str, Any]) -> Delivery:
    """A record of a Lambda's SQS event; a body that is no job is delivered without one."""
    return Delivery(
        message_id=record["messageId"],
        attempt=int(record["attributes"]["ApproximateReceiveCount"]),
        job=_job(record["body"]),
    )


def _job(body: str) -> Job | None:
    try:
        return JOB.validate_json(body, strict=True)
    except ValidationError:
        return None

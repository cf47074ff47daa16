"""Erasures as SQS messages."""

import json

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.aws import Client, available
from chalicelib.domain.erasures import Erasure

ERASURE = TypeAdapter(Erasure)


class SqsErasures:
    """`ports.erasures.Erasures` on SQS."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def ask(self, erasure: Erasure, delay: int = 0) -> None:
        """One call."""
        body = json.dumps(vars(erasure))
        with available("erasure queue"):
            self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay)


def erasure_of(body: str) -> Erasure | None:
    """The erasure that a message holds; None for anything else."""
    try:
        return ERASURE.validate_json(body, strict=True)
    except ValidationError:
        return None

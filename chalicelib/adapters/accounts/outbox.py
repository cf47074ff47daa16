"""Letters as SQS messages."""

import json

from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.aws import Client, available
from chalicelib.domain.accounts.letters import Letter

LETTER = TypeAdapter(Letter)


class SqsOutbox:
    """`ports.mail.Outbox` on SQS."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url

    def post(self, letter: Letter) -> None:
        """One call."""
        body = json.dumps({**vars(letter), "facts": dict(letter.facts)})
        with available("mail queue"):
            self._client.send_message(QueueUrl=self._url, MessageBody=body)


def letter_of(body: str) -> Letter | None:
    """The letter that a message holds; None for anything else."""
    try:
        return LETTER.validate_json(body, strict=True)
    except ValidationError:
        return None

"""AWS in place of the network: counts calls, and answers from a few rows that it remembers."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Lock
from typing import Any

from infra.bench.rows import Rows

SECRET = json.dumps({"SecretString": json.dumps({"current": "made for a measurement"})})
SENT = json.dumps({"MessageId": "1", "MD5OfMessageBody": ""})
EMPTY = b"{}"
OF_FIGURES = b'"Key": {"pk": {"S": "model"}'
FIXED = {"GetSecretValue": SECRET.encode(), "SendMessage": SENT.encode()}

Told = tuple[str, bytes]
"""An operation and the answer to it."""


class OutOfTurn(Exception):
    """A repeated act made another call than it did before."""


class Transport:
    """Botocore's `before-send`: everything above the socket is real.

    What is noted and read of a model's figures is outside of the calls that are counted.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._counting = Lock()
        self.rows = Rows()
        self._heard: list[Told] = []
        self._turns: Iterator[Told] | None = None

    def __call__(self, request: Any, event_name: str, **_: object) -> Any:
        """Answer a call."""
        operation = event_name.rpartition(".")[2]
        if operation in ("GetItem", "UpdateItem") and OF_FIGURES in request.body:
            return _response(request, EMPTY)  # at most every ten seconds, so it takes no turn
        with self._counting:  # a batch makes several at a time
            self.calls[operation] += 1
        # What is fixed takes no turn: the secret is read anew once a minute.
        return _response(request, FIXED.get(operation) or self._answer(operation, request.body))

    @contextmanager
    def repeating(self, act: Callable[[], object]) -> Iterator[None]:
        """Do it once; within, its calls are answered as they were then, at next to no cost."""
        self._heard = []
        act()
        self._turns = cycle(self._heard)
        try:
            yield
        finally:
            self._turns = None

    def _answer(self, operation: str, body: bytes) -> bytes:
        if self._turns is not None:
            due, answer = next(self._turns, ("nothing", b""))
            if due != operation:
                raise OutOfTurn(f"{operation} was called where {due} was before")
            return answer
        answer = self.rows.answer(operation, json.loads(body)).encode()
        self._heard.append((operation, answer))
        return answer


def _response(request: Any, body: bytes) -> Any:
    # Not at the top: what imports this module must first have found its own botocore.
    from botocore.awsrequest import AWSResponse
    from urllib3 import HTTPHeaderDict

    headers: Any = HTTPHeaderDict({"content-type": "application/x-amz-json-1.0"})
    response: Any = AWSResponse(request.url, 200, headers, None)
    response._content = body  # read already
    return response

"""The worker's handler, as Lambda would call it."""

from dataclasses import dataclass
from typing import Any

from tests.integration.cloud import Cloud


@dataclass(frozen=True)
class Context:
    """What Lambda tells a function about its invocation."""

    remaining_ms: int = 30_000
    function_name: str = "worker"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:worker"
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


class Worker:
    """Receives from the queue of a cloud, and runs."""

    def __init__(self, handler: Any, cloud: Cloud) -> None:
        self._handler, self._cloud = handler, cloud

    def receive(self) -> dict[str, Any]:
        """The event of up to ten waiting messages; they are visible again at once."""
        return {"Records": self._cloud.received()}

    def run(self, event: dict[str, Any], remaining_ms: int = 30_000) -> list[str]:
        """The ids of the messages that are to come again."""
        answer = self._handler(event, Context(remaining_ms))
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    def work(self) -> list[str]:
        return self.run(self.receive())

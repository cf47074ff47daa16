"""How much waits in the queues of SQS."""

from collections.abc import Mapping, Sequence

from chalicelib.adapters.aws import Client, available
from chalicelib.services.ports.queues import Depth

ATTRIBUTES = {
    "visible": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


class SqsGauge:
    """`ports.queues.Gauge` on SQS: queues by the name that they are told by."""

    def __init__(self, client: Client, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    def depths(self) -> Sequence[Depth]:
        """One call a queue."""
        return [self._depth(name, url) for name, url in self._urls.items()]

    def _depth(self, name: str, url: str) -> Depth:
        with available("queue"):
            told = self._client.get_queue_attributes(
                QueueUrl=url, AttributeNames=list(ATTRIBUTES.values())
            )["Attributes"]
        return Depth(name, **{of: int(told[attribute]) for of, attribute in ATTRIBUTES.items()})

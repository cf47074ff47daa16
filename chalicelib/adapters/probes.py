"""The cheapest call that shows a table or a queue to be there."""

from chalicelib.adapters.aws import Client, available
from chalicelib.services.health import Probe


def table_probe(client: Client, table: str) -> Probe:
    """Reads an item that does not exist."""

    def probe() -> None:
        with available("table"):
            client.get_item(TableName=table, Key={"id": {"S": "health"}})

    return probe


def queue_probe(client: Client, url: str) -> Probe:
    """Asks for one attribute."""

    def probe() -> None:
        with available("queue"):
            client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    return probe

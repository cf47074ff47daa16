"""The switches of models, in the catalogue table."""

from chalicelib.adapters.aws import Client, available
from chalicelib.settings import Settings


class SwitchTable:
    """`ports.switches.Switches` on DynamoDB, in the rows `model` / `<name>`."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.catalogue_table

    def turn(self, model: str, *, is_on: bool) -> None:
        """One update, which leaves a model's figures in that row as they are."""
        with available("table"):
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": "model"}, "sk": {"S": model}},
                UpdateExpression="SET #enabled = :on",
                ExpressionAttributeNames={"#enabled": "enabled"},
                ExpressionAttributeValues={":on": {"BOOL": is_on}},
            )

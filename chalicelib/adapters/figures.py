"""The figures of models, in the catalogue table; without PynamoDB, which the worker lacks."""

from dataclasses import asdict, fields

from chalicelib.adapters.aws import Client, available
from chalicelib.domain.figures import Figure
from chalicelib.settings import Settings

NAMES = tuple(field.name for field in fields(Figure))


class FigureTable:
    """`ports.figures.Figures` on DynamoDB, in the rows `model` / `<name>`."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.catalogue_table

    def note(self, model: str, figure: Figure) -> None:
        """One update, which leaves a model's switch in that row as it is."""
        with available("table"):
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": "model"}, "sk": {"S": model}},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in NAMES),
                ExpressionAttributeNames={f"#{name}": name for name in NAMES},
                ExpressionAttributeValues={
                    f":{name}": {"N": str(number)} for name, number in asdict(figure).items()
                },
            )

    def of(self, model: str) -> Figure | None:
        """One eventually consistent read."""
        with available("table"):
            answer = self._client.get_item(
                TableName=self._table, Key={"pk": {"S": "model"}, "sk": {"S": model}}
            )
        item = answer.get("Item", {})
        if not all(name in item for name in NAMES):
            return None
        return Figure(**{name: int(item[name]["N"]) for name in NAMES})

"""Accepted predictions: the counter and the row in one transaction, to their ends."""

from collections.abc import Sequence

from botocore.exceptions import ClientError

from chalicelib.adapters import prediction_pages
from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.endings import WAITING, Endings
from chalicelib.adapters.prediction_rows import prediction_in, row_of
from chalicelib.adapters.transactions import ConditionFailed, Item, commit
from chalicelib.adapters.usage import period, usage_of
from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import ERASED, Job, Prediction, Status
from chalicelib.domain.usage import KEPT
from chalicelib.errors import Unavailable
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Search
from chalicelib.settings import Settings

PRIVATE = ("input", "output", "metadata", "error")
"""What an erased row does not have any more."""


class PredictionTable:
    """`ports.predictions.Predictions` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._endings = Endings(client, settings)

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        """One transaction; the id is its token, so a repeated call counts once."""
        put = {
            "TableName": self._settings.predictions_table,
            "Item": row_of(prediction, self._due(prediction)).serialize(),
            "ConditionExpression": "attribute_not_exists(id)",
        }
        count = self._count(prediction, grant)
        try:
            commit(self._client, [{"Update": count}, {"Put": put}], token=prediction.id)
        except ConditionFailed as failure:
            _refuse(failure, grant, prediction.created_at)

    def glimpse(self, prediction_id: str) -> Prediction | None:
        """One eventually consistent read, at half the price of a consistent one."""
        with available("table"):
            answer = self._client.get_item(
                TableName=self._settings.predictions_table, Key={"id": {"S": prediction_id}}
            )
        return prediction_in(answer["Item"]) if "Item" in answer else None

    def cancel(self, prediction: Prediction, now: int) -> Prediction | None:
        """One transaction for what waits, one update for what runs."""
        job = Job.of(prediction)
        if prediction.status is Status.QUEUED and prediction.charged:
            try:
                self._endings.refund(job, Status.CANCELED, now, WAITING)
            except ConditionFailed:
                pass  # it has begun or ended meanwhile, or nothing is left to give back
            else:
                return prediction.canceled(now)
        try:
            return prediction_in(self._endings.end(job, Status.CANCELED, now))
        except ConditionFailed as failure:
            return _first(failure.olds)

    def erase(self, prediction: Prediction, now: int) -> None:
        """One update; `ttl` stays, so the row is there for as long as it would have been."""
        names = (*PRIVATE, "retained_until", "changed_at", "shard")
        with available("table"):
            try:
                self._client.update_item(
                    TableName=self._settings.predictions_table,
                    Key={"id": {"S": prediction.id}},
                    UpdateExpression="SET #retained_until = :erased, #changed_at = :now REMOVE "
                    + ", ".join(f"#{name}" for name in PRIVATE),
                    ConditionExpression="attribute_exists(id) AND attribute_not_exists(#shard)",
                    ExpressionAttributeNames={f"#{name}": name for name in names},
                    ExpressionAttributeValues={
                        ":erased": {"N": str(ERASED)},
                        ":now": {"N": str(now)},
                    },
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise

    def page(self, search: Search, limit: int, after: str | None) -> Page[Prediction]:
        """A query of an index."""
        return prediction_pages.page(search, limit, after)

    def _due(self, prediction: Prediction) -> int:
        return prediction.created_at + 2 * self._settings.visibility_timeout * 1000

    def _count(self, prediction: Prediction, grant: Grant) -> dict[str, object]:
        """One unit more in the day and in the month, if both limits leave room for it."""
        now = prediction.created_at
        values = {":one": {"N": "1"}, ":now": {"N": str(now)}}
        values[":ttl"] = {"N": str(now // 1000 + KEPT)}
        limits = {"#day": grant.daily, "#total": grant.monthly}
        conditions = []
        for name, limit in limits.items():
            if limit is not None:
                value = f":{name[1:]}"
                values[value] = {"N": str(limit - 1)}
                conditions.append(f"(attribute_not_exists({name}) OR {name} <= {value})")
        names = {"#day": f"d{day_of(now):02d}", "#total": "total", "#ttl": "ttl"}
        update: dict[str, object] = {
            "TableName": self._settings.usage_table,
            "Key": {
                "user_id": {"S": prediction.user_id},
                "period": {"S": period(month_of(now), prediction.model)},
            },
            "UpdateExpression": "SET last_at = :now, #ttl = if_not_exists(#ttl, :ttl) "
            "ADD #day :one, #total :one",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return update | ({"ConditionExpression": " AND ".join(conditions)} if conditions else {})


def _refuse(failure: ConditionFailed, grant: Grant, now: int) -> None:
    """Say which limit was reached between the first read and the transaction."""
    counter: Item | None = failure.olds[0] if failure.olds else None
    require_room(grant, usage_of(counter) if counter else Usage(), now)
    raise Unavailable("The prediction could not be stored, try again", retry_after=1)


def _first(olds: Sequence[Item | None]) -> Prediction | None:
    return prediction_in(olds[0]) if olds and olds[0] else None

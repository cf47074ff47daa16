"""Accepted predictions: the counter and the row in one transaction."""

from chalicelib.adapters.access import period, usage_of
from chalicelib.adapters.aws import Client
from chalicelib.adapters.tables.predictions import PredictionRow
from chalicelib.adapters.transactions import ConditionFailed, Item, commit
from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Failure, Metrics, Prediction, Status
from chalicelib.errors import Unavailable
from chalicelib.settings import Settings

USAGE_KEPT = 400 * 24 * 3600
"""Seconds: thirteen months, so that a year of usage is always whole."""


class PredictionTable:
    """`ports.predictions.Predictions` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        """One transaction; the id is its token, so a repeated call counts once."""
        put = {
            "TableName": self._settings.predictions_table,
            "Item": self._row(prediction).serialize(),
            "ConditionExpression": "attribute_not_exists(id)",
        }
        count = self._count(prediction, grant)
        try:
            commit(self._client, [{"Update": count}, {"Put": put}], token=prediction.id)
        except ConditionFailed as failure:
            _refuse(failure, grant, prediction.created_at)

    def _count(self, prediction: Prediction, grant: Grant) -> dict[str, object]:
        """One unit more in the day and in the month, if both limits leave room for it."""
        now = prediction.created_at
        values = {":one": {"N": "1"}, ":now": {"N": str(now)}}
        values[":ttl"] = {"N": str(now // 1000 + USAGE_KEPT)}
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

    def _row(self, prediction: Prediction) -> PredictionRow:
        visible_again = 2 * self._settings.visibility_timeout * 1000
        return PredictionRow(
            id=prediction.id,
            user_id=prediction.user_id,
            model=prediction.model,
            version=prediction.version,
            requested_version=prediction.requested_version,
            status=prediction.status.value,
            input=prediction.input,
            metadata=dict(prediction.metadata) or None,
            attempt=prediction.attempt,
            cache=prediction.cache,
            charged=prediction.charged,
            batch_id=prediction.batch_id,
            retry_of=prediction.retry_of,
            created_at=prediction.created_at,
            changed_at=prediction.changed_at,
            expires_at=prediction.expires_at,
            retained_until=prediction.retained_until,
            shard=prediction.shard,
            due=prediction.created_at + visible_again,
            ttl=prediction.retained_until // 1000,
        )


def _refuse(failure: ConditionFailed, grant: Grant, now: int) -> None:
    """Say which limit was reached between the first read and the transaction."""
    counter: Item | None = failure.olds[0] if failure.olds else None
    require_room(grant, usage_of(counter) if counter else Usage(), now)
    raise Unavailable("The prediction could not be stored, try again", retry_after=1)


def prediction_of(row: PredictionRow) -> Prediction:
    """The prediction of a row."""
    return Prediction(
        id=row.id,
        user_id=row.user_id,
        model=row.model,
        version=row.version,
        requested_version=row.requested_version,
        status=Status(row.status),
        input=row.input,
        output=row.output,
        error=Failure(**row.error) if row.error else None,
        metrics=Metrics(**row.metrics) if row.metrics else None,
        metadata=row.metadata or {},
        attempt=int(row.attempt),
        cache=row.cache,
        charged=row.charged,
        batch_id=row.batch_id,
        retry_of=row.retry_of,
        created_at=int(row.created_at),
        changed_at=int(row.changed_at),
        started_at=_instant(row.started_at),
        completed_at=_instant(row.completed_at),
        expires_at=_instant(row.expires_at),
        retained_until=int(row.retained_until),
    )


def _instant(number: float | None) -> int | None:
    return None if number is None else int(number)

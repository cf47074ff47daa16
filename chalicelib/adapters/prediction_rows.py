"""Predictions as rows of the predictions table."""

from chalicelib.adapters.tables.predictions import PredictionRow
from chalicelib.adapters.transactions import Item
from chalicelib.domain.predictions import Failure, Metrics, Prediction, Status


def row_of(prediction: Prediction, due: int) -> PredictionRow:
    """The row of a prediction; `due` is when somebody is to look after one that waits (ms)."""
    is_open = not prediction.status.is_terminal
    return PredictionRow(
        id=prediction.id,
        user_id=prediction.user_id,
        model=prediction.model,
        version=prediction.version,
        requested_version=prediction.requested_version,
        status=prediction.status.value,
        input=prediction.input,
        output=prediction.output,
        metadata=dict(prediction.metadata) or None,
        attempt=prediction.attempt,
        cache=prediction.cache,
        charged=prediction.charged,
        batch_id=prediction.batch_id,
        retry_of=prediction.retry_of,
        created_at=prediction.created_at,
        changed_at=prediction.changed_at,
        completed_at=prediction.completed_at,
        expires_at=prediction.expires_at,
        retained_until=prediction.retained_until,
        cache_key=prediction.cache_key,
        shard=prediction.shard if is_open else None,
        due=due if is_open else None,
        ttl=prediction.retained_until // 1000,
    )


def prediction_in(item: Item) -> Prediction:
    """The prediction of an item; what an index leaves out, or was erased, is None."""
    row = PredictionRow.from_raw_data(dict(item))
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
        cache_key=row.cache_key,
        created_at=int(row.created_at),
        changed_at=int(row.changed_at),
        started_at=_instant(row.started_at),
        completed_at=_instant(row.completed_at),
        expires_at=_instant(row.expires_at),
        retained_until=int(row.retained_until),
    )


def _instant(number: float | None) -> int | None:
    return None if number is None else int(number)

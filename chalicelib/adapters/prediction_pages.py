"""Somebody's predictions, a page at a time, from the indexes that leave input and output out."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.paging import FILTERED, page_of
from chalicelib.adapters.prediction_rows import prediction_in
from chalicelib.adapters.tables.predictions import PredictionRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Search


def page(search: Search, limit: int, after: str | None) -> Page[Prediction]:
    """A query of the index of the batch, or else of the owner; all else filters it."""
    index, name, value = _key(search)
    few = search.model is search.status is None and name == "user_id"
    with reachable():
        rows = PredictionRow.query(
            value,
            None if search.created_after is None else PredictionRow.id >= _after(search),
            _filter(search, name),
            index_name=index,
            scan_index_forward=search.oldest_first,
            page_size=limit + 1 if few else FILTERED,
            last_evaluated_key={"id": {"S": after}, name: {"S": value}} if after else None,
        )
        return page_of(rows, prediction_in, limit, lambda item: str(item["id"]["S"]))


def counts(batch_id: str) -> Mapping[Status, int]:
    """How many of a batch stand how."""
    with reachable():
        rows = PredictionRow.query(batch_id, index_name="by_batch", attributes_to_get=["status"])
        return Counter(
            Status(item["status"]["S"]) for page in rows.page_iter for item in page["Items"]
        )


def _key(search: Search) -> tuple[str, str, str]:
    """The index that is asked: its name, its key and the value of that."""
    if search.batch_id is not None:
        return "by_batch", "batch_id", search.batch_id
    return "by_owner", "user_id", search.user_id


def _filter(search: Search, key: str) -> Condition:
    """Few are past their retention or erased: DynamoDB soon removes them by itself."""
    wanted: Condition = PredictionRow.retained_until > search.now
    if search.model is not None:
        wanted &= PredictionRow.model == search.model
    if search.status is not None:
        wanted &= PredictionRow.status == search.status.value
    if key != "user_id":
        wanted &= PredictionRow.user_id == search.user_id
    return wanted


def _after(search: Search) -> str:
    """No UUIDv7 of a later instant sorts before it."""
    return str(UUID(int=((search.created_after or 0) + 1) << 80))

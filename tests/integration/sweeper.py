"""The sweeper's handler, and rows for it to look after."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.entry_rows import item_of
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction
from tests.integration.cloud import Cloud
from tests.integration.worker import Context
from tests.samples import DAY, NOW, a_grant, a_prediction, a_user, event


class Sweeper:
    """Sweeps when a test says so."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler

    def sweep(self, remaining_ms: int = 60_000) -> None:
        """As Lambda calls it each minute; what is of NOW has long been due."""
        self._handler(event("schedule_minute"), Context(remaining_ms, "sweeper"))


def lost(cloud: Cloud, **facts: Any) -> Prediction:
    """Accepted long ago, and never queued."""
    grant = a_grant(a_user())
    prediction = a_prediction(grant, **facts)
    PredictionTable(cloud.dynamodb, cloud.settings).accept(prediction, grant)
    return prediction


def torn(cloud: Cloud, size: int = 5, stored: int = 3) -> Batch:
    """A batch whose API died while it stored."""
    grant, id = a_grant(a_user()), uuid7(NOW)
    batch = Batch(id, grant.user_id, grant.model, size, NOW, NOW + 3650 * DAY)
    table = PredictionTable(cloud.dynamodb, cloud.settings)
    table.accept_batch(batch, grant)
    table.store([a_prediction(grant, id=member_id(id, n), batch_id=id) for n in range(stored)])
    return batch


def late(cloud: Cloud) -> Prediction:
    """Past its deadline, and somebody waits for its result."""
    prediction, waiter = lost(cloud, expires_at=NOW + 1000, cache_key="5f2a"), a_user()
    entry = Entry(prediction.id, (Waiter(uuid7(NOW), waiter.id, NOW),), 600, NOW // 1000 + 60)
    item = item_of("5f2a", entry)
    cloud.aside.put_item(TableName=cloud.settings.predictions_table, Item=item)
    return prediction


def all_kinds(cloud: Cloud) -> None:
    """One of each thing that a sweep has to do."""
    lost(cloud)
    late(cloud)
    torn(cloud)


def row(cloud: Cloud, id: str) -> Mapping[str, Any]:
    found = cloud.item(cloud.settings.predictions_table, id={"S": id})
    assert found
    return found

"""Rows of the predictions table."""

from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

LISTED = IncludeProjection(["status"])
"""PynamoDB wants to know, for tables that it makes; what ours include, the template says."""


class ByOwner(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """A user's predictions by time."""

    class Meta:
        index_name = "by_owner"
        projection = LISTED

    user_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByBatch(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """A batch's predictions by time; other rows lack the key."""

    class Meta:
        index_name = "by_batch"
        projection = LISTED

    batch_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class PredictionRow(Model):
    """One prediction; `shard` and `due` are there only until it is terminal."""

    class Meta:
        table_name = ""

    id = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute()
    model = UnicodeAttribute()
    version = UnicodeAttribute()
    requested_version = UnicodeAttribute()
    status = UnicodeAttribute()
    input = JSONAttribute()
    output = JSONAttribute(null=True)
    error = JSONAttribute(null=True)
    metrics = JSONAttribute(null=True)
    metadata = JSONAttribute(null=True)
    attempt = NumberAttribute()
    cache = UnicodeAttribute(null=True)
    cache_key = UnicodeAttribute(null=True)
    charged = BooleanAttribute()
    batch_id = UnicodeAttribute(null=True)
    retry_of = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    changed_at = NumberAttribute()
    started_at = NumberAttribute(null=True)
    completed_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    retained_until = NumberAttribute()
    shard = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    ttl = NumberAttribute()
    by_owner = ByOwner()
    by_batch = ByBatch()

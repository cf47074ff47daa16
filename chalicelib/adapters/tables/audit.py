"""Rows of the audit table."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


class ByTime(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """All entries."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByActor(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """What somebody did; entries of nobody lack the key."""

    class Meta:
        index_name = "by_actor"
        projection = AllProjection()

    actor = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ByTarget(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """What was done to somebody; entries about nobody lack the key."""

    class Meta:
        index_name = "by_target"
        projection = AllProjection()

    target = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class AuditRow(Model):
    """One event; its id sorts by time."""

    class Meta:
        table_name = ""

    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute(default="entry")
    at = NumberAttribute()
    event = UnicodeAttribute()
    actor = UnicodeAttribute(null=True)
    target = UnicodeAttribute(null=True)
    source_ip = UnicodeAttribute()
    request_id = UnicodeAttribute()
    outcome = UnicodeAttribute()
    ttl = NumberAttribute()
    by_time = ByTime()
    by_actor = ByActor()
    by_target = ByTarget()

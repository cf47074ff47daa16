"""Rows of the predictions table."""

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.models import Model


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

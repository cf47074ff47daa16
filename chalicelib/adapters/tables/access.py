"""Rows of grants, in the accounts table, and of policies, in the catalogue table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model


class GrantRow(Model):
    """`user#<id>` / `grant#<model>`, with the limits of its policy."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    policy_id = NumberAttribute()
    granted_at = NumberAttribute()
    daily = NumberAttribute(null=True)
    monthly = NumberAttribute(null=True)
    retention_days = NumberAttribute()
    expires_at = NumberAttribute(null=True)


class PolicyRow(Model):
    """`policy` / `<id>`, zero-padded so that a query returns them in order."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True, default="policy")
    sk = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    daily = NumberAttribute(null=True)
    monthly = NumberAttribute(null=True)
    retention_days = NumberAttribute()

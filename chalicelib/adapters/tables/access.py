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


class GrantMarkerRow(Model):
    """`policy#<id>` / `<user id>#<model>`: by it a policy finds its grants.

    It is written and deleted with the grant, but counts only while grant and user are there.
    """

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class PolicyRow(Model):
    """`policy` / `<id>`, zero-padded so that a query returns them in order.

    `granted` counts the grants ever made under it: one that is made while a removal looks for
    grants makes that removal fail.
    """

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True, default="policy")
    sk = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    daily = NumberAttribute(null=True)
    monthly = NumberAttribute(null=True)
    retention_days = NumberAttribute()
    granted = NumberAttribute(null=True)


class PolicyNameRow(Model):
    """`policy-name` / `<name>`: makes names unique."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True, default="policy-name")
    sk = UnicodeAttribute(range_key=True)
    policy_id = NumberAttribute()

"""The rows of every table, and the binding of their classes to deployed names.

Tables are made by the template, never from here. Access patterns are listed in the README.
"""

from contextlib import AbstractContextManager
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.adapters.aws import Client, available
from chalicelib.settings import Settings


class UsersByEmail(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]  # PynamoDB's
    """Only user rows carry `kind`, so the index holds users and nothing else."""

    class Meta:
        index_name = "users_by_email"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute(range_key=True)


class UserRow(Model):
    """`user#<id>` / `user`."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="user")
    kind = UnicodeAttribute(default="user")
    email = UnicodeAttribute()
    password_hash = UnicodeAttribute()
    created_at = NumberAttribute()
    is_active = BooleanAttribute()
    is_superuser = BooleanAttribute()
    is_verified = BooleanAttribute()
    session_version = NumberAttribute()
    users_by_email = UsersByEmail()


class EmailRow(Model):
    """`email#<canonical address>` / `email`: makes addresses unique."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="email")
    user_id = UnicodeAttribute()


class SessionRow(Model):
    """`user#<id>` / `session#<sid>`."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    source_ip = UnicodeAttribute(default="")
    user_agent = UnicodeAttribute(default="")
    ttl = NumberAttribute()


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


class TunedConnection(Connection):
    """PynamoDB on the session and client that the rest of the process uses."""

    def __init__(self, client: Client) -> None:
        super().__init__(region=client.meta.region_name)
        self._client = client


def bind(settings: Settings, client: Client) -> None:
    """Point the rows of this process at the tables of a deployed stack."""
    tables: list[tuple[str, list[type[Model]]]] = [
        (settings.accounts_table, [UserRow, EmailRow, SessionRow, GrantRow]),
        (settings.catalogue_table, [PolicyRow]),
        (settings.predictions_table, [PredictionRow]),
    ]
    for name, row in ((name, row) for name, rows in tables for row in rows):
        row.Meta.table_name = name
        row.Meta.region = client.meta.region_name
        row._connection = None
        table = row._get_connection()
        meta = table.get_meta_table()
        table.connection = TunedConnection(client)
        table.connection.add_meta_table(meta)


def reachable() -> AbstractContextManager[None]:
    """Around every use of a row: what PynamoDB or botocore raise becomes Unavailable."""
    return available("table", PynamoDBException)

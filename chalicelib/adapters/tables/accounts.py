"""Rows of the accounts table: users, what makes them unique, and what they own."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


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


class SuperuserRow(Model):
    """`superusers` / `<user id>`: there is one for each active superuser, and always one."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True, default="superusers")
    sk = UnicodeAttribute(range_key=True)


class SessionRow(Model):
    """`user#<id>` / `session#<sid>`; from `last_used_at` on, older rows lack the attributes."""

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
    last_used_at = NumberAttribute(default=0)
    family = UnicodeAttribute(default="")
    digest = UnicodeAttribute(default="")
    previous = UnicodeAttribute(default="")
    nonce = UnicodeAttribute(default="")
    rotated_at = NumberAttribute(default=0)


class ApiKeyRow(Model):
    """`user#<id>` / `key#<id>`; the scopes with spaces between them, as OAuth has them."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    name = UnicodeAttribute()
    scopes = UnicodeAttribute()
    digest = UnicodeAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    last_used_at = NumberAttribute(null=True)
    ttl = NumberAttribute()


class OneTimeTokenRow(Model):
    """`token#<digest>` / `<purpose>`."""

    class Meta:
        table_name = ""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    user_id = UnicodeAttribute()
    email = UnicodeAttribute()
    session_version = NumberAttribute()
    expires_at = NumberAttribute()
    is_used = BooleanAttribute()
    ttl = NumberAttribute()

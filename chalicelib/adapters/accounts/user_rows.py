"""Users and their addresses as rows, and what a change of them is to DynamoDB."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.tables.accounts import EmailRow, UserRow
from chalicelib.domain.accounts.emails import canonical_email
from chalicelib.domain.accounts.users import Change, User

LONGEST_KEY = 1024
"""Bytes of an address in a key, of which DynamoDB takes 2048: NFKC makes 18 letters of some."""
CHANGEABLE = ("email", "password_hash", "is_active", "is_superuser", "is_verified")


def user_row(user: User) -> UserRow:
    """The row of a user."""
    return UserRow(
        f"user#{user.id}",
        email=user.email,
        password_hash=user.password_hash,
        created_at=user.created_at,
        is_active=user.is_active,
        is_superuser=user.is_superuser,
        is_verified=user.is_verified,
        session_version=user.session_version,
    )


def user_of(row: UserRow) -> User:
    """The user of a row."""
    return User(
        id=row.pk.removeprefix("user#"),
        email=row.email,
        password_hash=row.password_hash,
        created_at=int(row.created_at),
        is_active=row.is_active,
        is_superuser=row.is_superuser,
        is_verified=row.is_verified,
        session_version=int(row.session_version),
    )


def email_row(user: User) -> EmailRow:
    """What marks the user's address as taken."""
    return EmailRow(email_key(user.email), user_id=user.id)


def email_key(email: str) -> str:
    """One key for all spellings of an address."""
    address = canonical_email(email)
    if len(address.encode()) <= LONGEST_KEY:
        return f"email#{address}"
    return f"email#sha256#{sha256(address.encode()).hexdigest()}"


def as_seen(user: User) -> Condition:
    """Holds while this is the user."""
    condition: Condition = UserRow.pk.exists()
    for name in (*CHANGEABLE, "session_version"):
        condition = condition & (getattr(UserRow, name) == getattr(user, name))
    return condition


def update_of(user: User, change: Change) -> Mapping[str, Any]:
    """The update that writes what changes, and nothing else, if this still is the user."""
    changed = {name: getattr(change, name) for name in CHANGEABLE}
    actions = [
        getattr(UserRow, name).set(value) for name, value in changed.items() if value is not None
    ]
    if change.ends_sessions:
        actions.append(UserRow.session_version.add(1))
    return user_row(user).get_update_kwargs_from_instance(actions, condition=as_seen(user))

"""Users, the uniqueness of their addresses, and their sessions, in the accounts table."""

from collections.abc import Iterable

from chalicelib.adapters.aws import Client
from chalicelib.adapters.tables import EmailRow, SessionRow, UserRow, reachable
from chalicelib.adapters.transactions import ConditionFailed, commit
from chalicelib.domain.users import Session, User, canonical_email
from chalicelib.errors import EmailTaken


class AccountTable:
    """`ports.Accounts` on DynamoDB."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def add(self, user: User) -> None:
        """The marker of the address and the user, both or neither."""
        marker = EmailRow(f"email#{canonical_email(user.email)}", user_id=user.id)
        puts = [
            {
                "Put": {
                    "TableName": row.Meta.table_name,
                    "Item": row.serialize(),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
            for row in (marker, user_row(user))
        ]
        try:
            commit(self._client, puts, token=user.id)
        except ConditionFailed:
            raise EmailTaken from None

    def by_id(self, user_id: str) -> User | None:
        """One consistent read."""
        with reachable():
            try:
                return user_of(UserRow.get(f"user#{user_id}", "user", consistent_read=True))
            except UserRow.DoesNotExist:
                return None

    def by_email(self, email: str) -> User | None:
        """Two consistent reads, so that signing in right after registering works."""
        with reachable():
            try:
                marker = EmailRow.get(
                    f"email#{canonical_email(email)}", "email", consistent_read=True
                )
            except EmailRow.DoesNotExist:
                return None
        return self.by_id(marker.user_id)

    def all(self) -> Iterable[User]:
        """Page by page, from the index."""
        with reachable():
            yield from (user_of(row) for row in UserRow.users_by_email.query("user"))

    def start(self, session: Session) -> None:
        """One put; DynamoDB removes the row some time after it expires."""
        row = SessionRow(
            f"user#{session.user_id}",
            f"session#{session.id}",
            version=session.version,
            created_at=session.created_at,
            expires_at=session.expires_at,
            source_ip=session.source_ip,
            user_agent=session.user_agent,
            ttl=session.expires_at // 1000,
        )
        with reachable():
            row.save()

    def end(self, session: Session) -> None:
        """One delete, without a condition."""
        with reachable():
            SessionRow(f"user#{session.user_id}", f"session#{session.id}").delete()


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


def session_of(row: SessionRow) -> Session:
    """The session of a row."""
    return Session(
        id=row.sk.removeprefix("session#"),
        user_id=row.pk.removeprefix("user#"),
        version=int(row.version),
        created_at=int(row.created_at),
        expires_at=int(row.expires_at),
        source_ip=row.source_ip,
        user_agent=row.user_agent,
    )

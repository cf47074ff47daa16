"""API keys in the accounts table."""

from collections.abc import Sequence

from chalicelib.adapters.tables.accounts import ApiKeyRow
from chalicelib.adapters.tables.reach import is_written, reachable
from chalicelib.domain.accounts.api_keys import ApiKey, Scope


class ApiKeyTable:
    """`ports.accounts.ApiKeys` on DynamoDB, which removes a row some time after it expires."""

    def add(self, key: ApiKey) -> None:
        """One put."""
        with reachable():
            _row(key).save()

    def end(self, user_id: str, key_id: str) -> bool:
        """One conditional delete."""
        row = ApiKeyRow(f"user#{user_id}", f"key#{key_id}")
        return is_written(lambda: row.delete(condition=ApiKeyRow.pk.exists()))

    def of(self, user_id: str) -> Sequence[ApiKey]:
        """One query backwards: ids sort by time."""
        with reachable():
            rows = ApiKeyRow.query(
                f"user#{user_id}",
                ApiKeyRow.sk.startswith("key#"),
                consistent_read=True,
                scan_index_forward=False,
            )
            return [api_key_of(row) for row in rows]

    def note_use(self, key: ApiKey, now: int) -> None:
        """One update, if the key is still there."""
        row, use = _row(key), ApiKeyRow.last_used_at.set(now)
        is_written(lambda: row.update([use], condition=ApiKeyRow.pk.exists()))


def _row(key: ApiKey) -> ApiKeyRow:
    return ApiKeyRow(
        f"user#{key.user_id}",
        f"key#{key.id}",
        version=key.version,
        name=key.name,
        scopes=" ".join(key.scopes),
        digest=key.digest,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        ttl=key.expires_at // 1000,
    )


def api_key_of(row: ApiKeyRow) -> ApiKey:
    """The key of a row."""
    return ApiKey(
        id=row.sk.removeprefix("key#"),
        user_id=row.pk.removeprefix("user#"),
        version=int(row.version),
        name=row.name,
        scopes=tuple(map(Scope, row.scopes.split())),
        created_at=int(row.created_at),
        expires_at=int(row.expires_at),
        digest=row.digest,
        last_used_at=None if row.last_used_at is None else int(row.last_used_at),
    )

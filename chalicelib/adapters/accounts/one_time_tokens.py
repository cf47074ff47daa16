"""Tokens that were mailed, in the accounts table."""

from chalicelib.adapters.tables.accounts import OneTimeTokenRow
from chalicelib.adapters.tables.reach import is_written, reachable
from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose


class OneTimeTokenTable:
    """`ports.accounts.OneTimeTokens` on DynamoDB."""

    def add(self, token: OneTimeToken) -> None:
        """One put; DynamoDB removes the row some time after it expires."""
        with reachable():
            _row(token).save()

    def find(self, digest: str, purpose: Purpose) -> OneTimeToken | None:
        """One consistent read."""
        with reachable():
            try:
                key = (f"token#{digest}", purpose.value)
                return _token_of(OneTimeTokenRow.get(*key, consistent_read=True))
            except OneTimeTokenRow.DoesNotExist:
                return None

    def consume(self, token: OneTimeToken) -> bool:
        """One update of a token that is there and not used."""
        row, used = _row(token), OneTimeTokenRow.is_used
        return is_written(lambda: row.update([used.set(True)], condition=used == False))  # noqa: E712


def _row(token: OneTimeToken) -> OneTimeTokenRow:
    return OneTimeTokenRow(
        f"token#{token.digest}",
        token.purpose.value,
        user_id=token.user_id,
        email=token.email,
        session_version=token.session_version,
        expires_at=token.expires_at,
        is_used=token.is_used,
        ttl=token.expires_at // 1000,
    )


def _token_of(row: OneTimeTokenRow) -> OneTimeToken:
    return OneTimeToken(
        digest=row.pk.removeprefix("token#"),
        purpose=Purpose(row.sk),
        user_id=row.user_id,
        email=row.email,
        session_version=int(row.session_version),
        expires_at=int(row.expires_at),
        is_used=row.is_used,
    )

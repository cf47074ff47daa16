"""Sessions in the accounts table."""

from pynamodb.expressions.update import Action

from chalicelib.adapters.paging import page_of
from chalicelib.adapters.tables.accounts import SessionRow
from chalicelib.adapters.tables.reach import is_written, reachable
from chalicelib.adapters.transactions import Item
from chalicelib.domain.accounts.refresh import Chain
from chalicelib.domain.accounts.sessions import Session
from chalicelib.services.ports.paging import Page

KEY = ("pk", "sk")


class SessionTable:
    """`ports.accounts.Sessions` on DynamoDB, which removes a row some time after it expires."""

    def start(self, session: Session) -> None:
        """One put."""
        with reachable():
            session_row(session).save()

    def rotate(self, session: Session, seen: Session) -> Session | None:
        """One update, on condition of the token that was seen; else one consistent read."""
        row, as_seen = session_row(session), SessionRow.digest == seen.chain.digest
        if is_written(lambda: row.update(_all_of(row), condition=as_seen)):
            return session
        return self._stored(session)

    def end(self, user_id: str, session_id: str) -> bool:
        """One conditional delete."""
        row = SessionRow(f"user#{user_id}", f"session#{session_id}")
        return is_written(lambda: row.delete(condition=SessionRow.pk.exists()))

    def page(self, user_id: str, limit: int, after: str | None) -> Page[Session]:
        """One query backwards: ids sort by time."""
        pk = f"user#{user_id}"
        with reachable():
            rows = SessionRow.query(
                pk,
                SessionRow.sk.startswith("session#"),
                consistent_read=True,
                scan_index_forward=False,
                page_size=limit + 1,
                last_evaluated_key={"pk": {"S": pk}, "sk": {"S": f"session#{after}"}}
                if after
                else None,
            )
            return page_of(rows, _session_in, limit, _id_in)

    def _stored(self, session: Session) -> Session | None:
        key = (f"user#{session.user_id}", f"session#{session.id}")
        with reachable():
            try:
                return session_of(SessionRow.get(*key, consistent_read=True))
            except SessionRow.DoesNotExist:
                return None


def _all_of(row: SessionRow) -> list[Action]:
    """What another release may have added is not named, and so stays."""
    facts = {name: value for name, value in row.attribute_values.items() if name not in KEY}
    return [getattr(SessionRow, name).set(value) for name, value in facts.items()]


def _session_in(item: Item) -> Session:
    return session_of(SessionRow.from_raw_data(dict(item)))


def _id_in(item: Item) -> str:
    sk: str = item["sk"]["S"]
    return sk.removeprefix("session#")


def session_row(session: Session) -> SessionRow:
    """The row of a session."""
    return SessionRow(
        f"user#{session.user_id}",
        f"session#{session.id}",
        version=session.version,
        created_at=session.created_at,
        expires_at=session.expires_at,
        source_ip=session.source_ip,
        user_agent=session.user_agent,
        ttl=session.expires_at // 1000,
        last_used_at=session.last_used_at,
        family=session.chain.family,
        digest=session.chain.digest,
        previous=session.chain.previous,
        nonce=session.chain.nonce,
        rotated_at=session.chain.rotated_at,
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
        last_used_at=int(row.last_used_at),
        chain=Chain(row.family, row.digest, row.previous, row.nonce, int(row.rotated_at)),
    )

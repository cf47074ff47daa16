"""The audit table: entries are added, and never changed."""

from uuid import UUID

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.paging import FILTERED, page_of
from chalicelib.adapters.tables.audit import AuditRow
from chalicelib.adapters.tables.reach import is_written, reachable
from chalicelib.adapters.transactions import Item
from chalicelib.domain.accounts.audit import KEPT, Entry, Event, Outcome
from chalicelib.services.ports.audit import Search
from chalicelib.services.ports.paging import Page


class AuditTable:
    """`ports.audit.AuditTrail` on DynamoDB."""

    def append(self, entry: Entry) -> None:
        """One put; a call that is repeated finds its entry there."""
        row = _row(entry)
        is_written(lambda: row.save(condition=AuditRow.id.does_not_exist()))

    def page(self, search: Search, limit: int, after: str | None) -> Page[Entry]:
        """A query of the index of who is asked for; whatever else is asked for filters it."""
        name, value = _key(search)
        wanted = _filter(search, name)
        with reachable():
            rows = AuditRow.query(
                value,
                None if search.since is None else AuditRow.id >= _first_id(search.since),
                wanted,
                index_name=f"by_{'time' if name == 'kind' else name}",
                scan_index_forward=False,
                page_size=limit + 1 if wanted is None else FILTERED,
                last_evaluated_key={"id": {"S": after}, name: {"S": value}} if after else None,
            )
            return page_of(rows, _entry_in, limit, lambda item: str(item["id"]["S"]))


def _key(search: Search) -> tuple[str, str]:
    """The key that is asked for: its name and value."""
    if search.actor is not None:
        return "actor", search.actor
    return ("kind", "entry") if search.target is None else ("target", search.target)


def _filter(search: Search, key: str) -> Condition | None:
    wanted: Condition | None = None
    if search.event is not None:
        wanted = AuditRow.event == search.event.value
    if search.target is not None and key != "target":
        wanted &= AuditRow.target == search.target
    return wanted


def _first_id(since: int) -> str:
    """No UUIDv7 of that instant, or a later one, sorts before it."""
    return str(UUID(int=since << 80))


def _row(entry: Entry) -> AuditRow:
    return AuditRow(
        entry.id,
        at=entry.at,
        event=entry.event.value,
        actor=entry.actor or None,
        target=entry.target or None,
        source_ip=entry.source_ip,
        request_id=entry.request_id,
        outcome=entry.outcome.value,
        ttl=entry.at // 1000 + KEPT,
    )


def _entry_in(item: Item) -> Entry:
    row = AuditRow.from_raw_data(dict(item))
    return Entry(
        id=row.id,
        at=int(row.at),
        event=Event(row.event),
        actor=row.actor or "",
        target=row.target or "",
        source_ip=row.source_ip,
        request_id=row.request_id,
        outcome=Outcome(row.outcome),
    )

"""The audit trail."""

from chalicelib.domain.accounts.audit import Entry
from chalicelib.services.ports.audit import Search
from chalicelib.services.ports.paging import Page
from tests.fakes.memory import Memory
from tests.fakes.paging import page_of


class FakeAuditTrail:
    """`ports.audit.AuditTrail`; `entries` has all, the oldest first."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def entries(self) -> list[Entry]:
        return list(self._memory.trail.values())

    def append(self, entry: Entry) -> None:
        self._memory.require_up()
        self._memory.trail.setdefault(entry.id, entry)

    def page(self, search: Search, limit: int, after: str | None) -> Page[Entry]:
        self._memory.require_up()
        found = [
            entry
            for entry in self._memory.trail.values()
            if _fits(entry, search) and (after is None or entry.id < after)
        ]
        newest = sorted(found, key=lambda entry: entry.id, reverse=True)
        return page_of(newest, limit, lambda entry: entry.id)


def _fits(entry: Entry, search: Search) -> bool:
    return (
        search.actor in (None, entry.actor)
        and search.target in (None, entry.target)
        and search.event in (None, entry.event)
        and (search.since is None or entry.at >= search.since)
    )

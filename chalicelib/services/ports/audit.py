"""The audit trail."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.accounts.audit import Entry, Event
from chalicelib.services.ports.paging import Page


@dataclass(frozen=True)
class Search:
    """Which entries are wanted; None is any, `since` in ms since the epoch."""

    actor: str | None = None
    target: str | None = None
    event: Event | None = None
    since: int | None = None


class AuditTrail(Protocol):
    """Append-only."""

    def append(self, entry: Entry) -> None:
        """Keep an entry for thirteen months; Unavailable if it cannot be kept."""
        ...

    def page(self, search: Search, limit: int, after: str | None) -> Page[Entry]:
        """The entries that fit, the newest first."""
        ...

"""The audit trail, and how it is searched."""

from pydantic import BaseModel, Field

from chalicelib.api.schemas.formats import Instant
from chalicelib.api.schemas.paging import Moment, PageQuery
from chalicelib.domain.accounts.audit import Entry, Event, Outcome
from chalicelib.domain.instants import epoch_ms, iso
from chalicelib.services.ports.audit import Search


class AuditQuery(PageQuery):
    """Which entries are wanted; all of them without any."""

    actor: str | None = Field(None, max_length=200, description="A user's id.")
    target: str | None = Field(None, max_length=200, description="What was acted upon.")
    event: Event | None = Field(None, description="What happened.")
    since: Moment | None = Field(None, description="Not before (RFC 3339).")

    def search(self) -> Search:
        # Nothing is older than the epoch, and no id sorts before it.
        since = None if self.since is None else max(0, epoch_ms(self.since))
        return Search(self.actor, self.target, self.event, since)


class EntryView(BaseModel):
    """One event; `actor` is null where nobody is known."""

    id: str
    at: Instant
    event: Event
    actor: str | None
    target: str | None
    source_ip: str | None
    request_id: str | None
    outcome: Outcome

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        return cls(
            id=entry.id,
            at=iso(entry.at),
            event=entry.event,
            actor=entry.actor or None,
            target=entry.target or None,
            source_ip=entry.source_ip or None,
            request_id=entry.request_id or None,
            outcome=entry.outcome,
        )


class EntryList(BaseModel):
    """Some events, the newest first."""

    data: list[EntryView]
    next_cursor: str | None

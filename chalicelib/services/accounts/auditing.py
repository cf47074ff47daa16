"""Who did what to whom: one log line and one kept item an event."""

from chalicelib.domain.accounts.audit import Entry, Event, Outcome
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.ids import uuid7
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.audit import AuditTrail, Search
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.paging import Page


class Auditing:
    """The audit trail; it holds ids, never a password, token, hash or key."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    def record(
        self, event: Event, origin: Origin, target: str = "", outcome: Outcome = Outcome.OK
    ) -> None:
        """Log it and keep it; what was done stays done if it cannot be kept."""
        now = self._clock()
        entry = Entry(
            id=uuid7(now),
            at=now,
            event=event,
            actor=origin.actor,
            target=target,
            source_ip=origin.source_ip,
            request_id=origin.request_id,
            outcome=outcome,
        )
        known = {"at", "request_id"}  # every log line has both by itself
        facts = {name: value for name, value in vars(entry).items() if value and name not in known}
        logger.info("audit", **facts)
        try:
            self._trail.append(entry)
        except Unavailable:
            logger.error("not in the audit trail", entry=entry.id)

    def page(self, search: Search, limit: int, after: str | None) -> Page[Entry]:
        """The entries that fit, the newest first."""
        return self._trail.page(search, limit, after)

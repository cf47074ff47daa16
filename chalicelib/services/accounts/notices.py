"""Mails to the owner of an account about what happened to it."""

from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.mail import Outbox


class Notices:
    """What happened stays so, whether or not the mail can be queued."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def send(self, kind: Kind, to: str, origin: Origin, **facts: str) -> None:
        """Queue one."""
        try:
            self._outbox.post(Letter(kind, to, origin.request_id, facts))
        except Unavailable:
            logger.error("a notice was not queued", kind=kind)

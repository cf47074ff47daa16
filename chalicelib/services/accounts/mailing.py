"""Writing the mails that were asked for, off every request's path."""

from chalicelib.domain.accounts.emails import canonical_email
from chalicelib.domain.accounts.letters import ASKED_FOR, Kind, Letter
from chalicelib.domain.accounts.one_time import Purpose, issued
from chalicelib.domain.accounts.throttling import LETTERS, letters_budget, mailbox
from chalicelib.domain.accounts.users import User
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.accounts.letters import Mail, written
from chalicelib.services.ports.accounts import OneTimeTokens, Users
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.mail import Postman
from chalicelib.services.ports.security import Counters
from chalicelib.settings import Settings

PURPOSE = {Kind.RESET: Purpose.RESET, Kind.VERIFY: Purpose.VERIFY}


class Mailing:
    """At most three mails of each sort an address in a quarter of an hour.

    Those that anybody can ask for are one sort, and each kind of notice is one: nobody can use
    up the mail that tells an owner what was done.
    """

    def __init__(
        self,
        users: Users,
        tokens: OneTimeTokens,
        counters: Counters,
        postman: Postman,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._users = users
        self._tokens = tokens
        self._counters = counters
        self._postman = postman
        self._clock = clock
        self._settings = settings

    def deliver(self, letter: Letter) -> None:
        """Write and send a letter, or not: its address has no such account, or had enough."""
        outcome = self._deliver(letter)
        logger.info("letter", kind=letter.kind, outcome=outcome, request_id=letter.request_id)

    def _deliver(self, letter: Letter) -> str:
        if not self._settings.mail_sender:
            return "mail is off"
        user = self._users.by_email(letter.to) if letter.kind in ASKED_FOR else None
        if letter.kind in ASKED_FOR and not _wants(user, letter.kind):
            return "nobody to send it to"
        if self._spend(letter) > LETTERS:
            return "enough sent to this address"
        mail = self._mail(letter, user)
        # Not to the address as it was asked for: another mailbox may have it as a spelling.
        self._send(letter, user.email if user else letter.to, mail)
        return "sent"

    def _send(self, letter: Letter, to: str, mail: Mail) -> None:
        """What was not taken comes again, and is not counted until then."""
        try:
            self._postman.send(to, mail.subject, mail.text, mail.html)
        except Unavailable:
            self._spend(letter, -1)
            raise

    def _mail(self, letter: Letter, user: User | None) -> Mail:
        if user is None:
            return written(letter, self._settings.public_url)
        seconds = self._settings.one_time_token_seconds
        token, text = issued(user, PURPOSE[letter.kind], self._clock(), seconds)
        self._tokens.add(token)
        return written(letter, self._settings.public_url, text, seconds)

    def _spend(self, letter: Letter, units: int = 1) -> int:
        """How many of the sort were sent to the address, with this one."""
        budget = letters_budget("asked" if letter.kind in ASKED_FOR else letter.kind)
        whom = mailbox(canonical_email(letter.to))
        return self._counters.spend(budget, whom, self._clock(), units)


def _wants(user: User | None, kind: Kind) -> bool:
    if user is None or not user.is_active:
        return False
    return not (kind is Kind.VERIFY and user.is_verified)

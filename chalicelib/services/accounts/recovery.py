"""Getting back in by mail, and proving an address."""

from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.emails import account_name
from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.domain.accounts.one_time import LONGEST, OneTimeToken, Purpose, digest_of
from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import AlreadyVerified, BadToken, NotFound
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.changing import Changing
from chalicelib.services.accounts.notices import Notices
from chalicelib.services.accounts.password_choice import PasswordChoice
from chalicelib.services.accounts.throttling import Throttling
from chalicelib.services.ports.accounts import OneTimeTokens, Users
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.mail import Outbox


class Recovery:
    """Whether an address has an account is only looked up by the mailer, off the request."""

    def __init__(
        self,
        users: Users,
        tokens: OneTimeTokens,
        choice: PasswordChoice,
        outbox: Outbox,
        throttling: Throttling,
        audit: Auditing,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._users = users
        self._changing = Changing(users)
        self._tokens = tokens
        self._choice = choice
        self._outbox = outbox
        self._throttling = throttling
        self._audit = audit
        self._notices = notices
        self._clock = clock

    def ask_for_reset(self, email: str, origin: Origin) -> None:
        """A mail with a token, if the address has an active account."""
        self._ask(Kind.RESET, email, origin)

    def ask_to_verify(self, email: str, origin: Origin) -> None:
        """A mail with a token, if the address has an active account that is not verified."""
        self._ask(Kind.VERIFY, email, origin)

    def reset(self, text: str, password: str, origin: Origin) -> None:
        """Give the account a new password and end its sessions; the token works once.

        BadToken; WeakPassword, after which the token still works.
        """
        token, user = self._found(text, Purpose.RESET, origin)
        self._throttling.spend("choose-password", origin)
        hashed = self._choice.hashed(password, user.email, "RESET_PASSWORD_INVALID_PASSWORD")
        if not self._tokens.consume(token):
            raise _bad(Purpose.RESET)
        self._change(user, Change(password_hash=hashed, ends_sessions=True), token)
        self._throttling.forgive(account_name(user.email), origin)
        self._audit.record(Event.PASSWORD_RESET, origin, user.id)
        self._notices.send(Kind.PASSWORD_CHANGED, user.email, origin)

    def verify(self, text: str, origin: Origin) -> User:
        """The user, whose address is proven now; BadToken, AlreadyVerified."""
        token, user = self._found(text, Purpose.VERIFY, origin)
        if user.is_verified:
            raise AlreadyVerified
        if not self._tokens.consume(token):
            raise _bad(Purpose.VERIFY)
        after = self._change(user, Change(is_verified=True), token)
        self._audit.record(Event.VERIFIED, origin, user.id)
        return after

    def _ask(self, kind: Kind, email: str, origin: Origin) -> None:
        self._throttling.spend(kind, origin)
        self._outbox.post(Letter(kind, email, origin.request_id))

    def _found(self, text: str, purpose: Purpose, origin: Origin) -> tuple[OneTimeToken, User]:
        token = self._tokens.find(digest_of(text), purpose) if len(text) <= LONGEST else None
        user = self._users.by_id(token.user_id) if token else None
        if token is None or user is None or not token.is_for(user, self._clock()):
            self._fail(purpose, origin)
            raise _bad(purpose)
        if token.is_used and not (purpose is Purpose.VERIFY and user.is_verified):
            raise _bad(purpose)
        return token, user

    def _change(self, user: User, change: Change, token: OneTimeToken) -> User:
        """The user after it, if the token still speaks for them when it is made."""

        def decide(now: User) -> Change:
            if not token.is_for(now, self._clock()):
                raise _bad(token.purpose)
            return change

        try:
            return self._changing.apply(user, decide)
        except NotFound:
            raise _bad(token.purpose) from None

    def _fail(self, purpose: Purpose, origin: Origin) -> None:
        if purpose is Purpose.RESET:
            self._audit.record(Event.PASSWORD_RESET, origin, outcome=Outcome.FAILED)
        self._throttling.fail(origin)


def _bad(purpose: Purpose) -> BadToken:
    codes = {Purpose.RESET: "RESET_PASSWORD_BAD_TOKEN", Purpose.VERIFY: "VERIFY_USER_BAD_TOKEN"}
    return BadToken(codes[purpose])

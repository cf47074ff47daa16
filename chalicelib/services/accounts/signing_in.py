"""Signing in, and everything that ends a sign-in."""

from dataclasses import dataclass, field

from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.callers import Caller, Origin
from chalicelib.domain.accounts.emails import account_name, email_address
from chalicelib.domain.accounts.refresh import RefreshToken
from chalicelib.domain.accounts.sessions import Lifetimes, Session, opened
from chalicelib.domain.accounts.users import Change, User
from chalicelib.domain.ids import owner_of
from chalicelib.errors import BadCredentials, NotFound, NotVerified, TooManyAttempts
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.changing import Changing
from chalicelib.services.accounts.password_choice import PasswordChoice
from chalicelib.services.accounts.throttling import Attempt, Throttling
from chalicelib.services.ports.accounts import Sessions, Users
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.security import Passwords, Tokens
from chalicelib.settings import Settings


@dataclass(frozen=True)
class SignedIn:
    """What a client gets: an access token, and one that gets the next."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


def signed_in(tokens: Tokens, session: Session, refresh: RefreshToken) -> SignedIn:
    """The tokens of a session as its chain stands: the same each time that it is asked."""
    access = tokens.issue(session, session.chain.rotated_at, session.chain.answer_id)
    return SignedIn(access, refresh.text)


class SigningIn:
    """Sessions begin with a password and end in several ways."""

    def __init__(
        self,
        users: Users,
        sessions: Sessions,
        passwords: Passwords,
        choice: PasswordChoice,
        tokens: Tokens,
        throttling: Throttling,
        audit: Auditing,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._users = users
        self._changing = Changing(users)
        self._sessions = sessions
        self._passwords = passwords
        self._choice = choice
        self._tokens = tokens
        self._throttling = throttling
        self._audit = audit
        self._clock = clock
        self._lifetimes = Lifetimes(settings.session_seconds, settings.refresh_idle_seconds)
        self._needs_verification = settings.require_verification

    def sign_in(self, email: str, password: str, origin: Origin) -> SignedIn:
        """A new session; BadCredentials says no more than that, and costs the same for nobody."""
        attempt = self._attempt(email, origin)
        user = self._user(email)
        matches = self._choice.matches(password, user.password_hash if user else None)
        if user is None or not matches or not user.is_active:
            self._audit.record(
                Event.SIGN_IN, origin, user.id if user else "", outcome=Outcome.FAILED
            )
            raise BadCredentials
        attempt.succeed()
        if self._needs_verification and not user.is_verified:
            self._audit.record(Event.SIGN_IN, origin, user.id, outcome=Outcome.FAILED)
            raise NotVerified
        self._rehash(user, password)
        return self.open_session(user, origin)

    def open_session(self, user: User, origin: Origin) -> SignedIn:
        """A new session of this user."""
        session, refresh = opened(
            user, self._clock(), self._lifetimes, origin.source_ip, origin.user_agent
        )
        self._sessions.start(session)
        self._audit.record(Event.SIGN_IN, origin.by(user.id), user.id)
        return signed_in(self._tokens, session, refresh)

    def sign_out(self, caller: Caller, origin: Origin) -> None:
        """End the caller's session: its tokens are refused from the next request on."""
        self._sessions.end(caller.user.id, caller.proof.id)
        self._audit.record(Event.SIGN_OUT, origin, caller.user.id)

    def sign_out_everywhere(self, caller: Caller, origin: Origin) -> None:
        """End all sessions and API keys of the caller, those of this very moment too."""
        self._changing.apply(caller.user, lambda _: Change(ends_sessions=True))
        self._audit.record(Event.SIGN_OUT_ALL, origin, caller.user.id)

    def sessions(self, caller: Caller, limit: int, after: str | None) -> Page[Session]:
        """The caller's living sessions, the newest first; a page may be short of dead ones."""
        page, now = self._sessions.page(caller.user.id, limit, after), self._clock()
        return Page([each for each in page.items if each.is_live(caller.user, now)], page.next)

    def end_session(self, caller: Caller, session_id: str, origin: Origin) -> None:
        """End one of the caller's sessions; NotFound if it is none of theirs."""
        is_mine = owner_of(session_id) == caller.user.id
        if not is_mine or not self._sessions.end(caller.user.id, session_id):
            raise NotFound
        self._audit.record(Event.SESSION_ENDED, origin, caller.user.id)

    def _attempt(self, email: str, origin: Origin) -> Attempt:
        account = account_name(email)
        try:
            return self._throttling.attempt(account, origin)
        except TooManyAttempts:
            if self._throttling.is_news(account, origin):
                user = self._user(email)
                target = user.id if user else ""
                self._audit.record(Event.SIGN_IN, origin, target, outcome=Outcome.THROTTLED)
            raise

    def _user(self, email: str) -> User | None:
        try:
            return self._users.by_email(email_address(email))
        except ValueError:
            return None

    def _rehash(self, user: User, password: str) -> None:
        """Store a hash of the present cost, if theirs was made at another."""
        old = user.password_hash
        if not self._passwords.is_outdated(old):
            return
        hashed = self._choice.rehashed(password)
        # The session is of the user as they were: if another password was chosen meanwhile,
        # it has ended before it began.
        self._changing.apply(
            user,
            lambda now: Change(password_hash=hashed) if now.password_hash == old else Change(),
        )

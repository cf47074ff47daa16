"""Exchanging a refresh token for new tokens, each once."""

from typing import NoReturn

from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.refresh import RefreshToken, Standing
from chalicelib.domain.accounts.sessions import Claims, Lifetimes, Session, rotated
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import owner_of
from chalicelib.errors import Unauthorized
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.notices import Notices
from chalicelib.services.accounts.signing_in import SignedIn, signed_in
from chalicelib.services.accounts.throttling import Throttling
from chalicelib.services.ports.accounts import Sessions
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.reading import Reader, Wanted
from chalicelib.services.ports.security import Tokens
from chalicelib.settings import Settings


class Refreshing:
    """One chain of tokens a session: whoever comes second with an old one ends it (RFC 9700)."""

    def __init__(
        self,
        reader: Reader,
        sessions: Sessions,
        tokens: Tokens,
        throttling: Throttling,
        audit: Auditing,
        notices: Notices,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._reader = reader
        self._sessions = sessions
        self._tokens = tokens
        self._throttling = throttling
        self._audit = audit
        self._notices = notices
        self._clock = clock
        self._lifetimes = Lifetimes(settings.session_seconds, settings.refresh_idle_seconds)
        self._needs_verification = settings.require_verification

    def refresh(self, text: str, origin: Origin) -> SignedIn:
        """The next tokens of the session; Unauthorized, whatever is wrong with this one.

        Asked again with the same token within ten seconds, the answer is the same.
        """
        token = RefreshToken.parse(text)
        found = token and self._session_of(token)
        if not token or not found:
            self._refuse(origin)
        user, session = found
        return self._exchanged(user, session, token, origin)

    def _session_of(self, token: RefreshToken) -> tuple[User, Session] | None:
        owner = owner_of(token.session_id)
        if owner is None:
            return None
        found = self._reader.read(Claims(owner, token.session_id, 0), Wanted())
        user, session = found.user, found.proof
        if user is None or not user.is_active or not isinstance(session, Session):
            return None
        if self._needs_verification and not user.is_verified:
            return None
        return (user, session) if session.is_live(user, self._clock()) else None

    def _exchanged(
        self, user: User, session: Session, token: RefreshToken, origin: Origin
    ) -> SignedIn:
        match session.chain.standing(token, self._clock()):
            case Standing.CURRENT:
                return self._rotated(user, session, token, origin)
            case Standing.REPEATED:
                following = token.following(session.chain.nonce)
                return signed_in(self._tokens, session, following)
            case Standing.REUSED:
                self._end_family(user, session, origin)
        self._refuse(origin)

    def _rotated(
        self, user: User, session: Session, token: RefreshToken, origin: Origin
    ) -> SignedIn:
        """Of several at once one exchanges it, and the others get that one's answer."""
        wanted = rotated(session, token, self._clock(), self._lifetimes)
        stored = self._sessions.rotate(wanted, seen=session)
        if stored is None or stored.chain.digest == token.digest:
            self._refuse(origin)
        return self._exchanged(user, stored, token, origin)

    def _end_family(self, user: User, session: Session, origin: Origin) -> None:
        self._sessions.end(user.id, session.id)
        self._audit.record(Event.REFRESH_REUSED, origin, user.id, outcome=Outcome.FAILED)
        self._notices.send(Kind.REFRESH_REUSED, user.email, origin)

    def _refuse(self, origin: Origin) -> NoReturn:
        self._throttling.fail(origin)
        raise Unauthorized

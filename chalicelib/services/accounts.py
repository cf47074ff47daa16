"""Registering, signing in and out."""

import unicodedata
from dataclasses import dataclass
from uuid import uuid4

from chalicelib.domain.users import (
    Caller,
    Claims,
    Session,
    User,
    email_address,
    password_fault,
)
from chalicelib.errors import BadCredentials, WeakPassword
from chalicelib.services import ports
from chalicelib.settings import Settings


@dataclass(frozen=True)
class Origin:
    """Where a sign-in came from, as the gateway (never a header) says."""

    source_ip: str = ""
    user_agent: str = ""


class Accounts:
    """The accounts of people who call models."""

    def __init__(
        self,
        users: ports.Accounts,
        passwords: ports.Passwords,
        tokens: ports.Tokens,
        clock: ports.Clock,
        settings: Settings,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._tokens = tokens
        self._clock = clock
        self._settings = settings

    def register(
        self, email: str, password: str, *, is_superuser: bool = False, is_verified: bool = False
    ) -> User:
        """A new user; WeakPassword before EmailTaken."""
        secret = unicodedata.normalize("NFC", password)
        if fault := password_fault(secret, email, self._settings.minimum_password_length):
            raise WeakPassword(fault)
        user = User(
            id=str(uuid4()),
            email=email,
            password_hash=self._passwords.hash(secret),
            created_at=self._clock(),
            is_superuser=is_superuser,
            is_verified=is_verified,
        )
        self._users.add(user)
        return user

    def sign_in(self, email: str, password: str, origin: Origin) -> str:
        """An access token of a new session; BadCredentials says no more than that."""
        user = self._user(email)
        secret = unicodedata.normalize("NFC", password)
        matches = self._passwords.verify(secret, user.password_hash if user else None)
        if user is None or not matches or not user.is_active:
            raise BadCredentials
        return self.open_session(user, origin)

    def open_session(self, user: User, origin: Origin) -> str:
        """An access token of a new session of this user."""
        now = self._clock()
        session = Session(
            id=str(uuid4()),
            user_id=user.id,
            version=user.session_version,
            created_at=now,
            expires_at=now + self._settings.session_seconds * 1000,
            source_ip=origin.source_ip,
            user_agent=origin.user_agent[:256],
        )
        self._users.start(session)
        return self._tokens.issue(Claims(user.id, session.id, session.version), now)

    def _user(self, email: str) -> User | None:
        try:
            return self._users.by_email(email_address(email))
        except ValueError:
            return None

    def sign_out(self, caller: Caller) -> None:
        """End the caller's session: its tokens are refused from the next request on."""
        self._users.end(caller.session)

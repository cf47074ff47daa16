"""Making accounts."""

from uuid import uuid4

from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.users import User
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.password_choice import PasswordChoice
from chalicelib.services.accounts.throttling import Throttling
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.clock import Clock


class Registration:
    """New users, from over HTTP or from the command line."""

    def __init__(
        self,
        users: Users,
        choice: PasswordChoice,
        throttling: Throttling,
        audit: Auditing,
        clock: Clock,
    ) -> None:
        self._users = users
        self._choice = choice
        self._throttling = throttling
        self._audit = audit
        self._clock = clock

    def register(
        self,
        email: str,
        password: str,
        origin: Origin,
        *,
        is_superuser: bool = False,
        is_verified: bool = False,
    ) -> User:
        """A new user; WeakPassword before EmailTaken."""
        self._throttling.spend("register", origin)
        user = User(
            id=str(uuid4()),
            email=email,
            password_hash=self._choice.hashed(password, email, "REGISTER_INVALID_PASSWORD"),
            created_at=self._clock(),
            is_superuser=is_superuser,
            is_verified=is_verified,
        )
        self._users.add(user)
        self._audit.record(Event.REGISTERED, origin, user.id)
        return user

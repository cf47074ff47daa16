"""Changing and deleting accounts, one's own and others'."""

from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Caller, Origin
from chalicelib.domain.accounts.emails import account_name
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.users import (
    Change,
    User,
    Wish,
    change_of,
    is_other_address,
    is_sensitive,
)
from chalicelib.domain.erasures import SOON, Erasure
from chalicelib.domain.ids import is_canonical
from chalicelib.errors import EmailTaken, NotFound, PasswordRequired, Unauthorized
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.changing import Changing
from chalicelib.services.accounts.notices import Notices
from chalicelib.services.accounts.password_choice import PasswordChoice
from chalicelib.services.accounts.throttling import Throttling
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.erasures import Erasures


class Profiles:
    """What an account is; a stolen token alone changes neither its address nor its password."""

    def __init__(
        self,
        users: Users,
        choice: PasswordChoice,
        throttling: Throttling,
        audit: Auditing,
        notices: Notices,
        erasures: Erasures,
        clock: Clock,
    ) -> None:
        self._users = users
        self._changing = Changing(users)
        self._choice = choice
        self._throttling = throttling
        self._audit = audit
        self._notices = notices
        self._erasures = erasures
        self._clock = clock

    def change_own(
        self, caller: Caller, wish: Wish, current_password: str | None, origin: Origin
    ) -> User:
        """The caller after the change; PasswordRequired, EmailTaken, WeakPassword."""
        if is_sensitive(caller.user, wish):
            self._require_owner(caller, current_password, origin)
        # Whether an address is taken may be asked as often as by registering.
        if is_other_address(caller.user, wish.email):
            self._throttling.spend("register", origin)
        if wish.password is not None:
            self._throttling.spend("choose-password", origin)
        return self._apply(caller.user, wish, origin, version=caller.user.session_version)

    def change_other(self, caller: Caller, user: User, wish: Wish, origin: Origin) -> User:
        """A user after a superuser's change; one's own address and password stay guarded."""
        if caller.user.id == user.id and is_sensitive(user, wish):
            self._require_owner(caller, None, origin)
        return self._apply(user, wish, origin)

    def change(self, user_id: str, wish: Wish, origin: Origin) -> User:
        """The user of this id after the change; NotFound, LastSuperuser."""
        user = self._users.by_id(user_id) if is_canonical(user_id) else None
        if user is None:
            raise NotFound
        return self._apply(user, wish, origin)

    def delete_own(self, caller: Caller, current_password: str | None, origin: Origin) -> None:
        """Forget the caller: sessions, keys and grants end at once, predictions soon."""
        self._require_owner(caller, current_password, origin)
        self._remove(caller.user, origin, version=caller.user.session_version)

    def delete_other(self, caller: Caller, user: User, origin: Origin) -> None:
        """Forget a user; oneself only as `delete_own` would."""
        if caller.user.id == user.id:
            self._require_owner(caller, None, origin)
        self._remove(user, origin)

    def _remove(self, user: User, origin: Origin, version: int | None = None) -> None:
        """The audit trail and the counters of usage stay under the id.

        The erasure is asked for first, and comes to nothing if the removal does: asked for
        afterwards, it could fail, and who is gone cannot ask again.
        """
        self._erasures.ask(Erasure(user.id, self._clock()), SOON)
        self._changing.remove(user, lambda now: _require_version(now, version))
        self._audit.record(Event.DELETED, origin, user.id)

    def _require_owner(self, caller: Caller, password: str | None, origin: Origin) -> None:
        """PasswordRequired unless the caller knows it, or gave it a moment ago."""
        if password is None and caller.has_just_signed_in(self._clock()):
            return
        if password is None:
            raise PasswordRequired
        attempt = self._throttling.attempt(account_name(caller.user.email), origin)
        if not self._choice.matches(password, caller.user.password_hash):
            raise PasswordRequired
        attempt.succeed()

    def _apply(self, user: User, wish: Wish, origin: Origin, version: int | None = None) -> User:
        """The user after it; Unauthorized if sessions of this version ended meanwhile."""
        if is_other_address(user, wish.email) and self._users.by_email(wish.email or ""):
            raise EmailTaken("UPDATE_USER_EMAIL_ALREADY_EXISTS")
        hashed = None
        if wish.password is not None:
            email = wish.email or user.email
            hashed = self._choice.hashed(wish.password, email, "UPDATE_USER_INVALID_PASSWORD")

        def decide(now: User) -> Change:
            _require_version(now, version)
            return change_of(now, wish, hashed)

        after = self._changing.apply(user, decide)
        self._tell(user, after, hashed is not None, origin)
        return after

    def _tell(self, before: User, after: User, has_new_password: bool, origin: Origin) -> None:
        """The audit trail, and the owner at the address that they had."""
        happened = {
            Event.EMAIL_CHANGED: before.email != after.email,
            Event.PASSWORD_CHANGED: has_new_password,
            Event.PRIVILEGE_CHANGED: before.is_superuser != after.is_superuser,
            Event.ACTIVE_CHANGED: before.is_active != after.is_active,
            Event.VERIFIED_CHANGED: before.is_verified != after.is_verified,
        }
        for event in (event for event, did in happened.items() if did):
            self._audit.record(event, origin, after.id)
        if happened[Event.EMAIL_CHANGED]:
            self._notices.send(Kind.EMAIL_CHANGED, before.email, origin)
        if has_new_password:
            self._notices.send(Kind.PASSWORD_CHANGED, before.email, origin)


def _require_version(user: User, version: int | None) -> None:
    """Unauthorized if the sessions of that version have ended meanwhile."""
    if version not in (None, user.session_version):
        raise Unauthorized

"""API keys of users."""

from collections.abc import Sequence

from chalicelib.domain.accounts.api_keys import ApiKey, Scope, minted
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Caller, Origin
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.ids import owner_of
from chalicelib.errors import Conflict, NotFound
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.notices import Notices
from chalicelib.services.ports import accounts
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.paging import Page

MOST = 50
"""Living keys of one user."""


class Keys:
    """Minted by who signed in, shown once, ended by their owner or with all else that is."""

    def __init__(
        self, keys: accounts.ApiKeys, audit: Auditing, notices: Notices, clock: Clock
    ) -> None:
        self._keys = keys
        self._audit = audit
        self._notices = notices
        self._clock = clock

    def mint(
        self, caller: Caller, name: str, scopes: Sequence[Scope], seconds: int, origin: Origin
    ) -> tuple[ApiKey, str]:
        """A new key, and the text that nobody will see again."""
        if len(self.living(caller)) >= MOST:
            raise Conflict(f"A user has at most {MOST} API keys; revoke one first")
        unique = tuple(sorted(set(scopes)))
        key, text = minted(caller.user, name, unique, self._clock(), seconds)
        self._keys.add(key)
        self._audit.record(Event.API_KEY_CREATED, origin, key.id)
        self._notices.send(Kind.API_KEY_CREATED, caller.user.email, origin, name=name)
        return key, text

    def living(self, caller: Caller) -> list[ApiKey]:
        """The caller's keys that work, the newest first."""
        now = self._clock()
        return [key for key in self._keys.of(caller.user.id) if key.is_live(caller.user, now)]

    def page(self, caller: Caller, limit: int, after: str | None) -> Page[ApiKey]:
        """Some of the caller's keys that work, from a place that an earlier page named."""
        rest = [key for key in self.living(caller) if after is None or key.id < after]
        return Page(rest[:limit], rest[limit - 1].id if len(rest) > limit else None)

    def of(self, user_id: str) -> list[ApiKey]:
        """All keys of a user, the newest first."""
        return list(self._keys.of(user_id))

    def revoke(self, user_id: str, key_id: str, origin: Origin) -> None:
        """End a key from the next request on; NotFound if it is none of theirs."""
        if owner_of(key_id) != user_id or not self._keys.end(user_id, key_id):
            raise NotFound
        self._audit.record(Event.API_KEY_REVOKED, origin, key_id)

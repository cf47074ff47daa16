"""Who may use which model, under which limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.access import Grant
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import is_canonical
from chalicelib.errors import NotFound
from chalicelib.inference.catalogue import Catalogue, unknown_model
from chalicelib.inference.registry import NAME
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.insisting import insist
from chalicelib.services.policymaking import Policymaking
from chalicelib.services.ports.access import Access
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.clock import Clock

LONGEST_NAME = 100
"""Characters of the name of a model that has left the catalogue, and may still be granted."""


@dataclass(frozen=True)
class Pairing:
    """A grant as the seed's `pair_user_model` shows it."""

    grant: Grant
    accepted: int
    last_accessed: int


class Granting:
    """Grants models to users."""

    def __init__(
        self,
        users: Users,
        policymaking: Policymaking,
        access: Access,
        catalogue: Catalogue,
        audit: Auditing,
        clock: Clock,
    ) -> None:
        self._users = users
        self._audit = audit
        self._policymaking = policymaking
        self._access = access
        self._catalogue = catalogue
        self._clock = clock

    def grant(
        self,
        user_id: str,
        model: str,
        policy_id: int,
        origin: Origin,
        expires_at: int | None = None,
    ) -> Grant:
        """Let a user use a model; a second grant replaces the first. NotFound names what lacks."""

        def act() -> Grant:
            user = self._user(user_id)
            spec = self._catalogue.find(model)
            policy = self._policymaking.find(policy_id)
            grant = Grant.under(policy, user.id, spec.name, self._clock())
            grant = replace(grant, expires_at=expires_at)
            self._access.put_grant(grant, policy)
            return grant

        grant = insist(act)
        self._audit.record(Event.GRANT_CHANGED, origin, grant.user_id)
        return grant

    def grants(self, user: User) -> Sequence[Grant]:
        """What a user may use, or could until it expired."""
        return self._access.grants(user.id)

    def pair(self, user_id: str, model: str, policy_id: int, origin: Origin) -> Pairing:
        """Grant, and tell how much was used before."""
        grant = self.grant(user_id, model, policy_id, origin)
        accepted, last = self._access.accepted(grant.user_id, grant.model)
        return Pairing(grant, accepted, last or grant.granted_at)

    def revoke(self, user_id: str, model: str, origin: Origin) -> bool:
        """Take a model from a user; what was accepted still runs. Whether they had it."""
        user, name = self._user(user_id), self.name_of(model)
        had = insist(lambda: self._access.end_grant(user.id, name))
        if had:
            self._audit.record(Event.GRANT_CHANGED, origin, user.id)
        return had

    def name_of(self, model: str) -> str:
        """The name that grants of a model have, also of one that has left the catalogue."""
        if spec := self._catalogue.get(model):
            return spec.name
        if len(model) <= LONGEST_NAME and NAME.fullmatch(model):
            return model
        raise unknown_model(model)

    def _user(self, user_id: str) -> User:
        user = self._users.by_id(user_id) if is_canonical(user_id) else None
        if user is None:
            raise NotFound(f"User with id {user_id} not found")
        return user

"""Who may use which model, under which limits."""

from dataclasses import dataclass

from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import is_canonical
from chalicelib.errors import NotFound
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.ports.access import Access
from chalicelib.services.ports.accounts import Users
from chalicelib.services.ports.clock import Clock

LARGEST_POLICY = 10**9
"""A key of DynamoDB is short: what is larger is nobody's id and not looked up."""


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
        access: Access,
        catalogue: Catalogue,
        audit: Auditing,
        clock: Clock,
    ) -> None:
        self._users = users
        self._audit = audit
        self._access = access
        self._catalogue = catalogue
        self._clock = clock

    def grant(self, user_id: str, model: str, policy_id: int, origin: Origin) -> Grant:
        """Let a user use a model; a second grant replaces the first. NotFound names what lacks."""
        user = self._user(user_id)
        spec = self._catalogue.find(model)
        grant = Grant.under(self._policy(policy_id), user.id, spec.name, self._clock())
        self._access.put_grant(grant)
        self._audit.record(Event.GRANT_CHANGED, origin, user.id)
        return grant

    def pair(self, user_id: str, model: str, policy_id: int, origin: Origin) -> Pairing:
        """Grant, and tell how much was used before."""
        grant = self.grant(user_id, model, policy_id, origin)
        accepted, last = self._access.accepted(grant.user_id, grant.model)
        return Pairing(grant, accepted, last or grant.granted_at)

    def revoke(self, user_id: str, model: str, origin: Origin) -> None:
        """Take a model from a user; what was accepted still runs."""
        user = self._user(user_id)
        self._access.end_grant(user.id, self._catalogue.find(model).name)
        self._audit.record(Event.GRANT_CHANGED, origin, user.id)

    def _user(self, user_id: str) -> User:
        user = self._users.by_id(user_id) if is_canonical(user_id) else None
        if user is None:
            raise NotFound(f"User with id {user_id} not found")
        return user

    def _policy(self, policy_id: int) -> Policy:
        policy = self._access.policy(policy_id) if 0 < policy_id <= LARGEST_POLICY else None
        if policy is None:
            raise NotFound(f"Access policy with id {policy_id} not found")
        return policy

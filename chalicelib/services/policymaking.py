"""Access policies: named limits that grants copy."""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.errors import NotFound, PolicyNameTaken
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.insisting import insist
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.policies import Policies

LARGEST = 10**9
"""A key of DynamoDB is short: what is larger is nobody's id and not looked up."""


class Policymaking:
    """Makes policies, and keeps the grants under them as they say."""

    def __init__(self, policies: Policies, audit: Auditing) -> None:
        self._policies = policies
        self._audit = audit

    def all(self) -> Sequence[Policy]:
        """Every policy, by id."""
        return self._policies.all()

    def page(self, limit: int, after: str | None) -> Page[Policy]:
        """Policies by id."""
        return self._policies.page(limit, after)

    def find(self, policy_id: int) -> Policy:
        """The policy of this id; NotFound otherwise."""
        policy = self._policies.find(policy_id) if 0 < policy_id <= LARGEST else None
        if policy is None:
            raise NotFound(f"Access policy with id {policy_id} not found")
        return policy

    def add(
        self,
        name: str,
        daily: int | None,
        monthly: int | None,
        retention_days: int,
        origin: Origin,
    ) -> Policy:
        """A new policy, with the id after the largest; PolicyNameTaken."""

        def act() -> Policy:
            there = self._policies.all()
            number = 1 + max((policy.id for policy in there), default=0)
            policy = Policy(number, name, daily, monthly, retention_days)
            _require_own_name(policy, there)
            self._policies.add(policy)
            return policy

        return self._audited(insist(act), origin)

    def ensure(self, wanted: Iterable[Policy], origin: Origin) -> list[Policy]:
        """Add these under their own ids, except where the id is taken; the ones that were added."""
        found = (self._ensure(policy, origin) for policy in wanted)
        return [policy for policy in found if policy]

    def change(self, policy_id: int, decide: Callable[[Policy], Policy], origin: Origin) -> Policy:
        """The policy after the change, which the grants that name it have too.

        NotFound, PolicyNameTaken. A change that was interrupted is finished by repeating it.
        """

        def act() -> Policy:
            seen = self.find(policy_id)
            policy = decide(seen)
            if policy.name != seen.name:
                _require_own_name(policy, self._policies.all())
            self._policies.change(seen, policy)
            return policy

        policy = self._audited(insist(act), origin)
        self._policies.spread(policy)
        return policy

    def remove(self, policy_id: int, origin: Origin) -> None:
        """Forget a policy; NotFound, PolicyInUse."""

        def act() -> Policy:
            policy = self.find(policy_id)
            self._policies.remove(policy)
            return policy

        self._audited(insist(act), origin)

    def _ensure(self, policy: Policy, origin: Origin) -> Policy | None:
        def act() -> Policy | None:
            there = self._policies.all()
            if any(each.id == policy.id for each in there):
                return None
            _require_own_name(policy, there)
            self._policies.add(policy)
            return policy

        added = insist(act)
        return added and self._audited(added, origin)

    def _audited(self, policy: Policy, origin: Origin) -> Policy:
        self._audit.record(Event.POLICY_CHANGED, origin, f"policy {policy.id}")
        return policy


def _require_own_name(policy: Policy, there: Iterable[Policy]) -> None:
    """Markers make names unique among those who ask at once; older policies have none."""
    if any(each.name == policy.name and each.id != policy.id for each in there):
        raise PolicyNameTaken(policy.name)

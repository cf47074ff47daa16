"""Access policies and grants."""

from collections.abc import Sequence

from chalicelib.domain.access import Grant, Policy
from chalicelib.errors import PolicyInUse, PolicyNameTaken
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.policies import Changed
from tests.fakes.memory import Memory
from tests.fakes.paging import page_of


class FakePolicies:
    """`ports.policies.Policies`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def all(self) -> Sequence[Policy]:
        self._memory.require_up()
        return sorted(self._memory.policies.values(), key=lambda policy: policy.id)

    def page(self, limit: int, after: str | None) -> Page[Policy]:
        left = [policy for policy in self.all() if policy.id > int(after or 0)]
        return page_of(left, limit, lambda policy: str(policy.id))

    def find(self, policy_id: int) -> Policy | None:
        self._memory.require_up()
        return self._memory.policies.get(policy_id)

    def add(self, policy: Policy) -> None:
        self._memory.require_up()
        with self._memory.lock:
            if policy.id in self._memory.policies:
                raise Changed
            self._require_free(policy)
            self._memory.policies[policy.id] = policy

    def change(self, seen: Policy, policy: Policy) -> None:
        self._memory.require_up()
        with self._memory.lock:
            self._require_unchanged(seen)
            self._require_free(policy)
            self._memory.policies[policy.id] = policy

    def spread(self, policy: Policy) -> None:
        self._memory.require_up()
        with self._memory.lock:
            if self._memory.policies.get(policy.id) != policy:
                return
            for key, grant in self._memory.grants.items():
                if grant.policy_id == policy.id:
                    self._memory.grants[key] = grant.limited_by(policy)

    def remove(self, policy: Policy) -> None:
        self._memory.require_up()
        with self._memory.lock:
            self._require_unchanged(policy)
            for grant in self._memory.grants.values():
                if grant.policy_id == policy.id and grant.user_id in self._memory.users:
                    raise PolicyInUse
            del self._memory.policies[policy.id]

    def _require_unchanged(self, seen: Policy) -> None:
        if self._memory.policies.get(seen.id) != seen:
            raise Changed

    def _require_free(self, policy: Policy) -> None:
        for other in self._memory.policies.values():
            if other.name == policy.name and other.id != policy.id:
                raise PolicyNameTaken(policy.name)


class FakeAccess:
    """`ports.access.Access`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def put_grant(self, grant: Grant, under: Policy | None = None) -> None:
        self._memory.require_up()
        with self._memory.lock:
            is_there = grant.user_id in self._memory.users
            if under and (not is_there or self._memory.policies.get(under.id) != under):
                raise Changed
            self._memory.grants[grant.user_id, grant.model] = grant

    def end_grant(self, user_id: str, model: str) -> bool:
        self._memory.require_up()
        return self._memory.grants.pop((user_id, model), None) is not None

    def grants(self, user_id: str) -> Sequence[Grant]:
        self._memory.require_up()
        mine = [grant for grant in self._memory.grants.values() if grant.user_id == user_id]
        return sorted(mine, key=lambda grant: grant.model)

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        months = [
            usage.total
            for (owner, _, used), usage in self._memory.usage.items()
            if (owner, used) == (user_id, model)
        ]
        return sum(months), self._memory.last_accepted.get((user_id, model))

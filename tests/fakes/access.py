"""Access policies and grants."""

from collections.abc import Sequence

from chalicelib.domain.access import Grant, Policy
from tests.fakes.memory import Memory


class FakeAccess:
    """`ports.access.Access`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def policies(self) -> Sequence[Policy]:
        return sorted(self._memory.policies.values(), key=lambda policy: policy.id)

    def policy(self, policy_id: int) -> Policy | None:
        return self._memory.policies.get(policy_id)

    def put_policy(self, policy: Policy) -> None:
        self._memory.policies[policy.id] = policy

    def put_grant(self, grant: Grant) -> None:
        self._memory.grants[grant.user_id, grant.model] = grant

    def end_grant(self, user_id: str, model: str) -> None:
        self._memory.grants.pop((user_id, model), None)

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        months = [
            usage.total
            for (owner, _, used), usage in self._memory.usage.items()
            if (owner, used) == (user_id, model)
        ]
        return sum(months), self._memory.last_accepted.get((user_id, model))

"""Access policies and grants."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.access import Grant, Policy


class Access(Protocol):
    """Access policies and the grants that copy their limits."""

    def policies(self) -> Sequence[Policy]:
        """Every policy, by id."""
        ...

    def policy(self, policy_id: int) -> Policy | None:
        """The policy of this id."""
        ...

    def put_policy(self, policy: Policy) -> None:
        """Store a policy, new or changed."""
        ...

    def put_grant(self, grant: Grant) -> None:
        """Store a grant, new or changed."""
        ...

    def end_grant(self, user_id: str, model: str) -> None:
        """Forget a grant; forgetting it twice is no error."""
        ...

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        """How many predictions were ever accepted (in kept months), and when the last was (ms)."""
        ...

"""Access policies."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.access import Policy
from chalicelib.services.ports.paging import Page


class Changed(Exception):
    """A policy, a grant or its user is not what was read: read again, and decide again."""


class Policies(Protocol):
    """Access policies, unique by id and by name."""

    def all(self) -> Sequence[Policy]:
        """Every policy, by id."""
        ...

    def page(self, limit: int, after: str | None) -> Page[Policy]:
        """Policies by id, from a place that an earlier page named."""
        ...

    def find(self, policy_id: int) -> Policy | None:
        """The policy of this id."""
        ...

    def add(self, policy: Policy) -> None:
        """Store a new policy; Changed if its id is taken, PolicyNameTaken if its name is."""
        ...

    def change(self, seen: Policy, policy: Policy) -> None:
        """Store a policy in the place of the one seen; Changed, PolicyNameTaken."""
        ...

    def spread(self, policy: Policy) -> None:
        """Write its limits into every grant that names it, while this is the policy."""
        ...

    def remove(self, policy: Policy) -> None:
        """Forget a policy; PolicyInUse while a user has a grant under it, Changed."""
        ...

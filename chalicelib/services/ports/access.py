"""Grants, and what was used of them."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.access import Grant, Policy


class Access(Protocol):
    """Grants; each copies the limits of its policy."""

    def put_grant(self, grant: Grant, under: Policy | None = None) -> None:
        """Store a grant, new or changed.

        Changed, with nothing kept, if somebody changed the grant meanwhile, or `under` is given
        and not the policy any more, or the user is gone.
        """
        ...

    def end_grant(self, user_id: str, model: str) -> bool:
        """Forget a grant; whether there was one. Changed if somebody changed it meanwhile."""
        ...

    def grants(self, user_id: str) -> Sequence[Grant]:
        """All of a user's grants, by model."""
        ...

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        """How many predictions were ever accepted (in kept months), and when the last was (ms)."""
        ...

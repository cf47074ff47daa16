"""The grants of a policy, found by the markers that are written with them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.adapters.aws import Client
from chalicelib.adapters.batches import fetch
from chalicelib.adapters.policy_rows import check_of, limits_of
from chalicelib.adapters.steps import Step, carry_out
from chalicelib.adapters.tables.access import GrantMarkerRow, GrantRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.domain.access import Policy

CHUNK = 25
"""Grants that one transaction rewrites, or one read looks for."""


class Marked(NamedTuple):
    """What a marker names."""

    user_id: str
    model: str

    @property
    def user_key(self) -> tuple[str, str]:
        """Of the user's row."""
        return f"user#{self.user_id}", "user"

    @property
    def grant_key(self) -> tuple[str, str]:
        """Of the grant's row."""
        return f"user#{self.user_id}", f"grant#{self.model}"


class Superseded(Exception):
    """The policy was changed again, and whoever did that writes its limits."""


class _Released(Exception):
    """A grant does not name the policy any more."""

    def __init__(self, marked: Marked) -> None:
        super().__init__(marked)
        self.marked = marked


def marked_by(policy: Policy) -> Iterator[Sequence[Marked]]:
    """What the markers of a policy name, some at a time."""
    with reachable():
        rows = GrantMarkerRow.query(f"policy#{policy.id}", consistent_read=True)
        found = [Marked(*row.sk.split("#", 1)) for row in rows]
    return (found[at : at + CHUNK] for at in range(0, len(found), CHUNK))


def limit(client: Client, policy: Policy, chunk: Sequence[Marked]) -> None:
    """Write the limits of a policy into those grants that still name it; Superseded."""
    check = Step({"ConditionCheck": check_of(policy)}, Superseded())
    left = {marked: _limiting(policy, marked) for marked in chunk}
    while left:
        try:
            return carry_out(client, [check, *left.values()])
        except _Released as released:
            del left[released.marked]


def is_in_use(client: Client, policy: Policy, chunk: Sequence[Marked]) -> bool:
    """Whether one of these grants names the policy and its user is there; one read."""
    table = GrantRow.Meta.table_name
    keys = dict.fromkeys(key for each in chunk for key in (each.user_key, each.grant_key))
    wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
    rows = fetch(client, {table: wanted})[table]
    found = {(row["pk"]["S"], row["sk"]["S"]): row.get("policy_id") for row in rows}
    named = {"N": str(policy.id)}
    return any(each.user_key in found and found.get(each.grant_key) == named for each in chunk)


def _limiting(policy: Policy, marked: Marked) -> Step:
    update = GrantRow(*marked.grant_key).get_update_kwargs_from_instance(
        limits_of(GrantRow, policy), condition=GrantRow.policy_id == policy.id
    )
    return Step({"Update": update}, _Released(marked))

"""Policies in the catalogue table, unique by name."""

from collections.abc import Sequence

from chalicelib.adapters.aws import Client
from chalicelib.adapters.paging import page_of
from chalicelib.adapters.policy_grants import Superseded, is_in_use, limit, marked_by
from chalicelib.adapters.policy_rows import (
    as_seen,
    key_of,
    policy_in,
    policy_of,
    policy_row,
    update_of,
)
from chalicelib.adapters.steps import Step, addition, carry_out, removal
from chalicelib.adapters.tables.access import PolicyNameRow, PolicyRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.domain.access import Policy
from chalicelib.errors import PolicyInUse, PolicyNameTaken
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.policies import Changed


class PolicyTable:
    """`ports.policies.Policies` on DynamoDB."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def all(self) -> Sequence[Policy]:
        """One query."""
        with reachable():
            return [policy_of(row) for row in PolicyRow.query("policy", consistent_read=True)]

    def page(self, limit: int, after: str | None) -> Page[Policy]:
        """One query."""
        with reachable():
            rows = PolicyRow.query(
                "policy",
                PolicyRow.sk > after if after else None,
                consistent_read=True,
                page_size=limit + 1,
            )
            return page_of(rows, policy_in, limit, lambda item: str(item["sk"]["S"]))

    def find(self, policy_id: int) -> Policy | None:
        """One consistent read."""
        with reachable():
            try:
                return policy_of(PolicyRow.get("policy", key_of(policy_id), consistent_read=True))
            except PolicyRow.DoesNotExist:
                return None

    def add(self, policy: Policy) -> None:
        """The policy and the marker of its name, both or neither."""
        carry_out(self._client, [addition(policy_row(policy), Changed()), _naming(policy)])

    def change(self, seen: Policy, policy: Policy) -> None:
        """One transaction with the markers of the names."""
        steps = [Step({"Update": update_of(seen, policy)}, Changed())]
        if policy.name != seen.name:
            steps += [_naming(policy), removal(_name_row(seen))]
        carry_out(self._client, steps)

    def spread(self, policy: Policy) -> None:
        """A transaction for each 25 grants; what it left undone is done when it is repeated."""
        try:
            for chunk in marked_by(policy):
                limit(self._client, policy, chunk)
        except Superseded:
            return

    def remove(self, policy: Policy) -> None:
        """It goes only if no grant was made since the markers were read."""
        with reachable():
            try:
                row = PolicyRow.get("policy", key_of(policy.id), consistent_read=True)
            except PolicyRow.DoesNotExist:
                raise Changed from None
        if any(is_in_use(self._client, policy, chunk) for chunk in marked_by(policy)):
            raise PolicyInUse
        granted = PolicyRow.granted
        same = granted.does_not_exist() if row.granted is None else granted == row.granted
        gone = row.get_delete_kwargs_from_instance(condition=as_seen(policy) & same)
        steps = [Step({"Delete": gone}, Changed()), removal(_name_row(policy))]
        carry_out(self._client, steps)


def _naming(policy: Policy) -> Step:
    return addition(_name_row(policy), PolicyNameTaken(policy.name))


def _name_row(policy: Policy) -> PolicyNameRow:
    return PolicyNameRow(sk=policy.name, policy_id=policy.id)

"""Policies as rows, and what a change of them is to DynamoDB."""

from collections.abc import Mapping
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.tables.access import PolicyRow
from chalicelib.adapters.transactions import Item
from chalicelib.domain.access import Policy

LIMITS = ("daily", "monthly", "retention_days")
"""What a grant copies; the row of a grant has them under the same names."""


def policy_row(policy: Policy) -> PolicyRow:
    """The row of a policy."""
    return PolicyRow(
        sk=key_of(policy.id),
        name=policy.name,
        daily=policy.daily,
        monthly=policy.monthly,
        retention_days=policy.retention_days,
    )


def policy_of(row: PolicyRow) -> Policy:
    """The policy of a row."""
    return Policy(
        int(row.sk), row.name, whole(row.daily), whole(row.monthly), int(row.retention_days)
    )


def policy_in(item: Item) -> Policy:
    """The policy of a row in DynamoDB's own form."""
    return policy_of(PolicyRow.from_raw_data(dict(item)))


def key_of(policy_id: int) -> str:
    """Zero-padded, so that a query returns them in order."""
    return f"{policy_id:010d}"


def as_seen(policy: Policy) -> Condition:
    """Holds while this is the policy."""
    condition: Condition = PolicyRow.name == policy.name
    for name in LIMITS:
        attribute, value = getattr(PolicyRow, name), getattr(policy, name)
        condition &= attribute.does_not_exist() if value is None else attribute == value
    return condition


def update_of(seen: Policy, policy: Policy) -> Mapping[str, Any]:
    """The update that turns one into the other, if it still is the one that was seen."""
    actions = [PolicyRow.name.set(policy.name), *limits_of(PolicyRow, policy)]
    return policy_row(policy).get_update_kwargs_from_instance(actions, condition=as_seen(seen))


def use_of(policy: Policy) -> Mapping[str, Any]:
    """The update that tells of one grant more, if this still is the policy."""
    return policy_row(policy).get_update_kwargs_from_instance(
        [PolicyRow.granted.add(1)], condition=as_seen(policy)
    )


def check_of(policy: Policy) -> Mapping[str, Any]:
    """The check that this still is the policy."""
    return policy_row(policy).get_delete_kwargs_from_instance(condition=as_seen(policy))


def limits_of(row: Any, policy: Policy) -> list[Any]:
    """What writes the limits of a policy into the rows of this class; None is no attribute."""
    values = {name: getattr(policy, name) for name in LIMITS}
    return [
        getattr(row, name).remove() if value is None else getattr(row, name).set(value)
        for name, value in values.items()
    ]


def whole(number: float | None) -> int | None:
    """DynamoDB's numbers as ours."""
    return None if number is None else int(number)

"""What becomes of policies and grants when several change them at once, on moto."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.policies import PolicyTable
from chalicelib.adapters.policy_grants import CHUNK
from chalicelib.domain.access import Grant, Policy
from chalicelib.errors import PolicyInUse
from chalicelib.services.ports.policies import Changed
from tests.contracts.stores import at_once
from tests.integration.cloud import Cloud
from tests.samples import NOW, a_grant, a_user

BASE = Policy(1, "base", 7, 70, 30)
TRANSACTION = "TransactWriteItems"


@pytest.fixture
def policies(cloud: Cloud) -> PolicyTable:
    table = PolicyTable(cloud.dynamodb)
    table.add(BASE)
    return table


@pytest.fixture
def access(cloud: Cloud) -> AccessTable:
    return AccessTable(cloud.dynamodb, cloud.settings)


def granted(cloud: Cloud, access: AccessTable, policy: Policy = BASE) -> Grant:
    user = a_user()
    UserTable(cloud.dynamodb).add(user)
    grant = Grant.under(policy, user.id, "temperature", NOW)
    access.put_grant(grant, policy)
    return grant


class Interrupted:
    """A client whose user is slow: others act just before its next transaction."""

    def __init__(self, cloud: Cloud, act: Callable[[], object]) -> None:
        self._client = cloud.dynamodb
        self._act: Callable[[], object] | None = act

    def __getattr__(self, name: str) -> Any:  # a client's methods are made at run time
        return getattr(self._client, name)

    def transact_write_items(self, **call: Any) -> Any:
        act, self._act = self._act, None
        if act:
            act()
        return self._client.transact_write_items(**call)


def markers(cloud: Cloud) -> set[str]:
    rows = cloud.aside.scan(TableName=cloud.settings.accounts_table)["Items"]
    return {row["sk"]["S"] for row in rows if row["pk"]["S"].startswith("policy#")}


def put_marker(cloud: Cloud, marked: str) -> None:
    """Of the policy 1."""
    marker = {"pk": {"S": "policy#1"}, "sk": {"S": marked}}
    cloud.aside.put_item(TableName=cloud.settings.accounts_table, Item=marker)


@pytest.mark.parametrize(("grants", "calls"), [(0, 0), (1, 1), (CHUNK, 1), (CHUNK + 1, 2)])
def test_twenty_five_grants_are_rewritten_in_one_call(
    cloud: Cloud, policies: PolicyTable, access: AccessTable, grants: int, calls: int
) -> None:
    for _ in range(grants):
        granted(cloud, access)
    cloud.wire.forget()
    policies.spread(BASE)
    assert cloud.wire.count().get(TRANSACTION, 0) == calls


@pytest.mark.parametrize("others", [0, 2])
def test_a_marker_without_its_grant_is_passed_over(
    cloud: Cloud, policies: PolicyTable, access: AccessTable, others: int
) -> None:
    grants = [granted(cloud, access) for _ in range(others)]
    for n in range(3):
        put_marker(cloud, f"0{n}#temperature")
    changed = replace(BASE, daily=1)
    policies.change(BASE, changed)
    policies.spread(changed)
    assert [access.grants(each.user_id)[0].daily for each in grants] == [1] * others


def test_whoever_changed_a_policy_last_writes_its_limits(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    grant = granted(cloud, access)
    first, second = replace(BASE, daily=1), replace(BASE, daily=2)
    policies.change(BASE, first)
    policies.change(first, second)
    policies.spread(second)
    policies.spread(first)  # which was slower
    assert [each.daily for each in access.grants(grant.user_id)] == [2]


def test_of_two_changes_at_once_one_is_told_to_read_again(
    cloud: Cloud, policies: PolicyTable
) -> None:
    def change(daily: int) -> bool:
        try:
            policies.change(BASE, replace(BASE, daily=daily))
        except Changed:
            return False
        return True

    assert sorted(at_once([1, 2], change)) == [False, True]


def test_a_policy_is_not_removed_below_a_grant_that_is_made_meanwhile(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    user = a_user()
    UserTable(cloud.dynamodb).add(user)
    grant = Grant.under(BASE, user.id, "temperature", NOW)
    slow = PolicyTable(Interrupted(cloud, lambda: access.put_grant(grant, BASE)))
    with pytest.raises(Changed):
        slow.remove(BASE)
    with pytest.raises(PolicyInUse):
        policies.remove(BASE)


def test_a_grant_that_others_moved_meanwhile_is_read_again(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    trial, third = Policy(2, "trial"), Policy(3, "third")
    for policy in (trial, third):
        policies.add(policy)
    grant = granted(cloud, access)
    moved = replace(grant, policy_id=2)
    others = Interrupted(cloud, lambda: access.put_grant(replace(grant, policy_id=3), third))
    with pytest.raises(Changed):
        AccessTable(others, cloud.settings).put_grant(moved, trial)
    others = Interrupted(cloud, lambda: access.put_grant(moved, trial))
    with pytest.raises(Changed):
        AccessTable(others, cloud.settings).end_grant(grant.user_id, grant.model)
    assert [each.policy_id for each in access.grants(grant.user_id)] == [2]


def test_a_grant_leaves_one_marker_and_its_end_none(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    policies.add(Policy(2, "trial"))
    grant = granted(cloud, access)
    access.put_grant(replace(grant, policy_id=2), Policy(2, "trial"))
    assert markers(cloud) == {f"{grant.user_id}#temperature"}
    access.end_grant(grant.user_id, grant.model)
    assert markers(cloud) == set()


def test_a_removed_user_leaves_no_marker(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    users, user = UserTable(cloud.dynamodb), a_user()
    users.add(user)
    access.put_grant(a_grant(user))
    users.remove(user)
    assert markers(cloud) == set()


def test_the_rows_that_a_removed_user_leaves_keep_no_policy(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    users, user = UserTable(cloud.dynamodb), a_user()
    users.add(user)
    access.put_grant(a_grant(user))
    for _ in range(4):
        cloud.wire.refuse("BatchWriteItem", "ResourceNotFoundException")
    users.remove(user)
    cloud.wire.forget()
    assert markers(cloud) == {f"{user.id}#temperature"}
    policies.remove(BASE)
    assert list(policies.all()) == []


def test_a_removed_policy_leaves_no_marker_of_its_name(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    grant = granted(cloud, access)
    access.end_grant(grant.user_id, grant.model)
    policies.remove(BASE)
    assert cloud.item("catalogue", pk={"S": "policy-name"}, sk={"S": "base"}) is None


def test_a_policy_is_in_use_however_many_markers_are_stale(
    cloud: Cloud, policies: PolicyTable, access: AccessTable
) -> None:
    for n in range(CHUNK + 5):
        put_marker(cloud, f"0{n:04d}#temperature")
    granted(cloud, access)
    with pytest.raises(PolicyInUse):
        policies.remove(BASE)

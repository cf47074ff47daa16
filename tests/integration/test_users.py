"""What changing and looking up users costs, and what happens when others are faster."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import EmailTaken, LastSuperuser, Unavailable
from chalicelib.services.ports.accounts import Stale
from tests.integration.cloud import Cloud
from tests.integration.partiql import answer
from tests.samples import a_session, a_user

TRANSACT = "TransactWriteItems"
CANCELED = "TransactionCanceledException"
NONE: dict[str, Any] = {"Code": "None"}
FAILED: dict[str, Any] = {"Code": "ConditionalCheckFailed"}
CONFLICT: dict[str, Any] = {"Code": "TransactionConflict"}
DEMOTE = Change(is_superuser=False)


@pytest.fixture
def users(cloud: Cloud) -> UserTable:
    return UserTable(cloud.dynamodb)


def added(cloud: Cloud, users: UserTable, **facts: Any) -> User:
    user = a_user(**facts)
    users.add(user)
    cloud.wire.forget()
    return user


def markers(cloud: Cloud) -> set[str]:
    """Who is marked as administering."""
    found = cloud.aside.query(
        TableName="accounts",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "superusers"}},
    )
    return {item["sk"]["S"] for item in found["Items"]}


def test_looking_up_an_address_costs_the_same_whether_it_is_known_or_not(
    cloud: Cloud, users: UserTable
) -> None:
    user = added(cloud, users)
    users.by_email(user.email)
    known = list(cloud.wire.calls)
    cloud.wire.forget()
    users.by_email("nobody@example.com")
    assert cloud.wire.calls == known == ["GetItem", "GetItem"]
    assert all(body["ConsistentRead"] for body in cloud.wire.bodies)


def test_a_change_writes_what_changes_and_nothing_else(cloud: Cloud, users: UserTable) -> None:
    user = added(cloud, users)
    users.change(user, Change(password_hash="another", ends_sessions=True))
    [body] = cloud.wire.bodies
    [operation] = body["TransactItems"]
    update = operation["Update"]
    assert update["UpdateExpression"].count("=") == 1
    assert update["UpdateExpression"].count("ADD") == 1


def test_no_change_is_no_call(cloud: Cloud, users: UserTable) -> None:
    user = added(cloud, users)
    assert users.change(user, Change()) == user
    assert cloud.wire.calls == []


def test_an_attribute_of_later_versions_outlives_a_change(cloud: Cloud, users: UserTable) -> None:
    user = added(cloud, users)
    key = {"pk": {"S": f"user#{user.id}"}, "sk": {"S": "user"}}
    cloud.aside.update_item(
        TableName="accounts",
        Key=key,
        UpdateExpression="SET shoe_size = :n",
        ExpressionAttributeValues={":n": {"N": "42"}},
    )
    users.change(user, Change(is_verified=True))
    row = cloud.item("accounts", **key)
    assert row
    assert row["shoe_size"] == {"N": "42"}


def test_each_transaction_has_a_token_of_its_own(cloud: Cloud, users: UserTable) -> None:
    user = added(cloud, users)
    there = users.change(user, Change(email="grace@example.com"))
    users.change(there, Change(email=user.email))
    users.change(user, Change(email="grace@example.com"))
    tokens = [body["ClientRequestToken"] for body in cloud.wire.bodies]
    assert len(set(tokens)) == 3


def test_a_change_outlasts_a_conflict(cloud: Cloud, users: UserTable, slept: list[float]) -> None:
    user = added(cloud, users)
    cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT])
    assert users.change(user, Change(is_verified=True)).is_verified
    assert cloud.wire.count() == {TRANSACT: 2}


def test_conflicts_that_last_are_unavailable_and_change_nothing(
    cloud: Cloud, users: UserTable, slept: list[float]
) -> None:
    user = added(cloud, users)
    for _ in range(5):
        cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT])
    with pytest.raises(Unavailable):
        users.change(user, Change(is_verified=True))
    assert users.by_id(user.id) == user


def test_a_user_who_changed_is_told_before_an_address_that_is_taken(
    cloud: Cloud, users: UserTable
) -> None:
    user = added(cloud, users)
    cloud.wire.refuse(TRANSACT, CANCELED, [FAILED, FAILED, NONE])
    with pytest.raises(Stale):
        users.change(user, Change(email="grace@example.com"))
    cloud.wire.refuse(TRANSACT, CANCELED, [NONE, FAILED, NONE])
    with pytest.raises(EmailTaken):
        users.change(user, Change(email="grace@example.com"))


def test_markers_follow_who_administers(cloud: Cloud, users: UserTable) -> None:
    root, user = added(cloud, users, is_superuser=True), added(cloud, users)
    added(cloud, users, is_superuser=True, is_active=False)
    assert markers(cloud) == {root.id}
    promoted = users.change(user, Change(is_superuser=True))
    assert markers(cloud) == {root.id, user.id}
    users.change(promoted, Change(is_active=False, ends_sessions=True))
    assert markers(cloud) == {root.id}


def test_a_witness_who_steps_down_meanwhile_gives_way_to_the_next(
    cloud: Cloud, users: UserTable
) -> None:
    root, one, other = (added(cloud, users, is_superuser=True) for _ in range(3))

    cloud.wire.refuse(TRANSACT, CANCELED, [NONE, NONE, FAILED])
    users.change(root, DEMOTE)
    assert cloud.wire.count() == {"Query": 1, TRANSACT: 2}
    assert markers(cloud) == {one.id, other.id}
    witnesses = [
        body["TransactItems"][-1]["ConditionCheck"]["Key"]["sk"]["S"]
        for body in cloud.wire.bodies
        if "TransactItems" in body
    ]
    assert sorted(witnesses) == sorted([one.id, other.id])


def test_without_a_witness_who_stays_the_last_one_stays(cloud: Cloud, users: UserTable) -> None:
    root, _ = (added(cloud, users, is_superuser=True) for _ in range(2))
    cloud.wire.refuse(TRANSACT, CANCELED, [NONE, NONE, FAILED])
    with pytest.raises(LastSuperuser):
        users.change(root, DEMOTE)


def test_witnesses_are_looked_for_in_what_is_stored_now(cloud: Cloud, users: UserTable) -> None:
    root, _ = (added(cloud, users, is_superuser=True) for _ in range(2))
    users.change(root, DEMOTE)
    assert cloud.wire.bodies[0]["ConsistentRead"] is True


def test_deletions_that_were_left_are_made_in_another_call(
    cloud: Cloud, users: UserTable, slept: list[float]
) -> None:
    user = added(cloud, users)
    for number in range(3):
        SessionTable().start(a_session(user, number))

    def left(request: AWSPreparedRequest) -> AWSResponse:
        return answer(request, {"UnprocessedItems": cloud.wire.bodies[-1]["RequestItems"]})

    cloud.wire.give("BatchWriteItem", left)
    users.remove(user)
    assert list(SessionTable().page(user.id, 5, None).items) == []
    assert len(slept) == 1


def test_a_page_of_few_among_many_is_still_full(cloud: Cloud, users: UserTable) -> None:
    """Where DynamoDB's own page ends has nothing to do with where ours does."""
    for number in range(120):
        users.add(a_user(email=f"{number:03}@example.com", is_active=number in (1, 110, 119)))
    first = users.page(True, 2, None)
    second = users.page(True, 2, first.next)
    emails = [[user.email[:3] for user in page.items] for page in (first, second)]
    assert emails == [["001", "110"], ["119"]]


def test_the_row_of_an_earlier_user_can_be_changed(cloud: Cloud, users: UserTable) -> None:
    """A superuser of before there were markers loses the power only beside one who has one."""
    old = added(cloud, users)
    cloud.aside.update_item(
        TableName="accounts",
        Key={"pk": {"S": f"user#{old.id}"}, "sk": {"S": "user"}},
        UpdateExpression="SET is_superuser = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )
    root = replace(old, is_superuser=True)
    with pytest.raises(LastSuperuser):
        users.change(root, DEMOTE)
    added(cloud, users, is_superuser=True)
    assert users.change(root, DEMOTE) == old

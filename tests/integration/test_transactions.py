"""What a transaction does when DynamoDB cancels it."""

from typing import Any

import pytest

from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.transactions import (
    FIRST_WAIT,
    LONGEST_WAIT,
    TRIES,
    ConditionFailed,
    commit,
)
from chalicelib.errors import QuotaExceeded, Unavailable
from tests.integration.cloud import Cloud
from tests.samples import a_grant, a_prediction, a_user

CANCELED = "TransactionCanceledException"
NONE: dict[str, Any] = {"Code": "None"}
CONFLICT: dict[str, Any] = {"Code": "TransactionConflict"}
FAILED: dict[str, Any] = {"Code": "ConditionalCheckFailed"}
TRANSACT = "TransactWriteItems"

GRANT = a_grant(a_user(), daily=5)
PREDICTION = a_prediction(GRANT)


@pytest.fixture
def table(cloud: Cloud) -> PredictionTable:
    return PredictionTable(cloud.dynamodb, cloud.settings)


def is_stored(cloud: Cloud) -> bool:
    return cloud.item("predictions", id={"S": PREDICTION.id}) is not None


def test_a_conflict_is_retried_and_counted_once(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE])
    table.accept(PREDICTION, GRANT)
    assert is_stored(cloud)
    assert cloud.wire.count() == {TRANSACT: 2}
    assert len(slept) == 1


@pytest.mark.parametrize("reasons", [[CONFLICT, FAILED], [FAILED, CONFLICT]])
def test_a_failed_condition_beside_a_conflict_is_retried(
    cloud: Cloud, table: PredictionTable, slept: list[float], reasons: list[dict[str, Any]]
) -> None:
    cloud.wire.refuse(TRANSACT, CANCELED, reasons)
    table.accept(PREDICTION, GRANT)
    assert is_stored(cloud)


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
    ],
)
def test_throttling_passes(
    cloud: Cloud, table: PredictionTable, slept: list[float], code: str
) -> None:
    for _ in range(2):
        cloud.wire.refuse(TRANSACT, code)
    table.accept(PREDICTION, GRANT)
    assert is_stored(cloud)


def test_throttling_of_one_operation_passes(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    cloud.wire.refuse(TRANSACT, CANCELED, [{"Code": "ThrottlingError"}, NONE])
    table.accept(PREDICTION, GRANT)
    assert is_stored(cloud)


def test_conflicts_that_outlast_five_tries_are_a_503_within_a_second_with_nothing_kept(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    for _ in range(TRIES):
        cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE])
    with pytest.raises(Unavailable) as refusal:
        table.accept(PREDICTION, GRANT)
    assert refusal.value.retry_after == 1
    assert cloud.wire.count() == {TRANSACT: 5}
    assert sum(slept) <= 1
    assert not is_stored(cloud)
    assert (
        cloud.item("usage", user_id={"S": GRANT.user_id}, period={"S": "2026-11#temperature"})
        is None
    )


def test_even_the_longest_waits_stay_within_a_second() -> None:
    assert sum(min(LONGEST_WAIT, FIRST_WAIT * 2**attempt) for attempt in range(TRIES)) <= 1


def test_waits_are_random_and_bounded(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    for _ in range(4):
        cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE])
    table.accept(PREDICTION, GRANT)
    assert all(0 <= wait <= most for wait, most in zip(slept, (0.05, 0.1, 0.2, 0.3), strict=False))
    assert len(set(slept)) > 1


def test_after_a_retry_a_limit_that_was_reached_meanwhile_is_told(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE])
    full = {
        "d23": {"N": "5"},
        "total": {"N": "5"},
        "last_at": {"N": "1"},
        "user_id": {"S": GRANT.user_id},
        "period": {"S": "2026-11#temperature"},
    }
    cloud.wire.refuse(TRANSACT, CANCELED, [{**FAILED, "Item": full}, NONE])
    with pytest.raises(QuotaExceeded) as refusal:
        table.accept(PREDICTION, GRANT)
    assert refusal.value.violated == ("daily",)


def test_an_id_that_is_already_stored_is_unavailable_and_not_counted_again(
    cloud: Cloud, table: PredictionTable
) -> None:
    table.accept(PREDICTION, GRANT)
    with pytest.raises(Unavailable):
        table.accept(PREDICTION, GRANT)
    usage = cloud.item("usage", user_id={"S": GRANT.user_id}, period={"S": "2026-11#temperature"})
    assert usage is not None
    assert usage["total"] == {"N": "1"}


def test_any_other_error_is_unavailable_at_once(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    cloud.wire.refuse(TRANSACT, "ValidationException")
    with pytest.raises(Unavailable):
        table.accept(PREDICTION, GRANT)
    assert cloud.wire.count() == {TRANSACT: 1}


def test_a_registration_outlasts_a_conflict_too(cloud: Cloud, slept: list[float]) -> None:
    users, user = UserTable(cloud.dynamodb), a_user()
    cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE])
    users.add(user)
    assert users.by_id(user.id) == user


def test_a_failed_condition_gives_back_the_row_that_broke_it(cloud: Cloud) -> None:
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}, "n": {"N": "1"}}
    put = {
        "TableName": "accounts",
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    commit(cloud.dynamodb, [{"Put": put}], token="one")
    with pytest.raises(ConditionFailed) as failure:
        commit(cloud.dynamodb, [{"Put": put}], token="two")
    assert failure.value.olds == [item]
    assert failure.value.broken == [True]


def test_a_failed_condition_tells_whose_it_is(cloud: Cloud) -> None:
    def put(pk: str) -> dict[str, Any]:
        item = {"pk": {"S": pk}, "sk": {"S": "b"}}
        absent = "attribute_not_exists(pk)"
        return {"Put": {"TableName": "accounts", "Item": item, "ConditionExpression": absent}}

    commit(cloud.dynamodb, [put("a")], token="one")
    with pytest.raises(ConditionFailed) as failure:
        commit(cloud.dynamodb, [put("b"), put("a"), put("c")], token="two")
    assert failure.value.broken == [False, True, False]


def test_the_token_makes_a_repeated_call_harmless(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    bodies: list[Any] = []
    for _ in range(2):
        cloud.wire.refuse(TRANSACT, CANCELED, [CONFLICT, NONE], seen=bodies)
    table.accept(PREDICTION, GRANT)
    assert len({body for body in bodies}) == 1
    assert PREDICTION.id.encode() in bodies[0]

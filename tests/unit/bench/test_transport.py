"""AWS in place of the network, under botocore itself."""

from typing import Any

import pytest
from botocore.session import Session

from infra.bench.transport import OutOfTurn, Transport


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
def dynamodb(transport: Transport) -> Any:
    session: Any = Session()
    session.set_credentials("nobody", "nothing")
    session.register("before-send", transport)
    return session.create_client("dynamodb", region_name="us-east-1")


ROW = {"pk": {"S": "user#1"}, "sk": {"S": "user"}, "email": {"S": "ada@example.com"}}
KEY = {"pk": {"S": "user#1"}, "sk": {"S": "user"}}


def test_a_row_that_was_put_is_found_by_its_key(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "users", "Item": ROW}}])

    found = dynamodb.batch_get_item(
        RequestItems={"users": {"Keys": [KEY]}, "more": {"Keys": [KEY]}}
    )

    assert found["Responses"] == {"users": [ROW], "more": []}


def test_every_call_is_counted(dynamodb: Any, transport: Transport) -> None:
    dynamodb.put_item(TableName="users", Item=ROW)
    dynamodb.get_item(TableName="users", Key=KEY)

    assert transport.calls == {"PutItem": 1, "GetItem": 1}


def test_a_models_figures_are_outside_of_what_is_counted_and_repeated(
    dynamodb: Any, transport: Transport
) -> None:
    def note() -> None:
        key = {"pk": {"S": "model"}, "sk": {"S": "temperature"}}
        dynamodb.update_item(TableName="catalogue", Key=key)
        dynamodb.get_item(TableName="catalogue", Key=key)

    note()
    with transport.repeating(lambda: dynamodb.get_item(TableName="users", Key=KEY)):
        note()

    assert transport.calls == {"GetItem": 1}


OTHER = {"pk": {"S": "user#2"}, "sk": {"S": "user"}}


def test_what_is_repeated_is_answered_each_time_as_it_was_first(
    dynamodb: Any, transport: Transport
) -> None:
    dynamodb.put_item(TableName="users", Item=ROW)
    found: list[dict[str, Any]] = []

    def act() -> None:
        found.extend(dynamodb.get_item(TableName="users", Key=key) for key in (KEY, OTHER))
        dynamodb.delete_item(TableName="users", Key=KEY)

    with transport.repeating(act):
        act()

    assert [each.get("Item") for each in found] == [ROW, None] * 2


def test_a_repetition_with_another_call_is_refused(dynamodb: Any, transport: Transport) -> None:
    def get() -> None:
        dynamodb.get_item(TableName="users", Key=KEY)

    with transport.repeating(get), pytest.raises(OutOfTurn, match=r"PutItem .* GetItem"):
        dynamodb.put_item(TableName="users", Item=ROW)


def test_a_repetition_of_no_call_at_all_takes_none(dynamodb: Any, transport: Transport) -> None:
    with transport.repeating(lambda: None), pytest.raises(OutOfTurn, match="nothing was before"):
        dynamodb.get_item(TableName="users", Key=KEY)


def test_once_nothing_is_repeated_rows_answer_again(dynamodb: Any, transport: Transport) -> None:
    with transport.repeating(lambda: dynamodb.get_item(TableName="users", Key=KEY)):
        pass
    dynamodb.put_item(TableName="users", Item=ROW)

    assert dynamodb.get_item(TableName="users", Key=KEY)["Item"] == ROW

"""AWS in place of the network, under botocore itself."""

from typing import Any

import pytest
from botocore.session import Session

from infra.bench.transport import Transport


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


def test_once_frozen_a_call_is_answered_as_the_last_one_was(
    dynamodb: Any, transport: Transport
) -> None:
    dynamodb.put_item(TableName="users", Item=ROW)
    dynamodb.get_item(TableName="users", Key=KEY)
    transport.frozen = True

    found = dynamodb.get_item(TableName="users", Key={"pk": {"S": "user#2"}, "sk": {"S": "user"}})

    assert found["Item"] == ROW

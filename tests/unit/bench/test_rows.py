"""Rows that are remembered in place of tables."""

from typing import Any

import pytest

from infra.bench.rows import Rows

KEY = {"pk": {"S": "throttle#1"}, "sk": {"S": "counter"}}
ADDITION: dict[str, Any] = {
    "TableName": "accounts",
    "Key": KEY,
    "UpdateExpression": "SET #ttl = :ttl ADD #count :one",
    "ExpressionAttributeNames": {"#ttl": "ttl", "#count": "count"},
    "ExpressionAttributeValues": {":ttl": {"N": "90"}, ":one": {"N": "1"}},
}


@pytest.fixture
def rows() -> Rows:
    return Rows()


def only(rows: Rows) -> dict[str, Any]:
    """The one row."""
    [row] = rows.items.values()
    return row


def test_an_update_makes_the_row_that_it_does_not_find(rows: Rows) -> None:
    rows.answer("UpdateItem", ADDITION)

    assert only(rows) == {**KEY, "ttl": {"N": "90"}, "count": {"N": "1"}}


def test_what_is_added_is_added_to_what_was_there(rows: Rows) -> None:
    for _ in range(3):
        rows.answer("UpdateItem", ADDITION)

    assert only(rows)["count"] == {"N": "3"}


def test_what_is_set_replaces_what_was_there(rows: Rows) -> None:
    rows.answer("UpdateItem", ADDITION)
    later = {**ADDITION["ExpressionAttributeValues"], ":ttl": {"N": "91"}}

    rows.answer("UpdateItem", {**ADDITION, "ExpressionAttributeValues": later})

    assert only(rows)["ttl"] == {"N": "91"}


def test_a_batch_of_writes_puts_and_deletes(rows: Rows) -> None:
    other = {"pk": {"S": "throttle#2"}, "sk": {"S": "counter"}}
    rows.answer("PutItem", {"TableName": "accounts", "Item": KEY})
    requests = [{"DeleteRequest": {"Key": KEY}}, {"PutRequest": {"Item": other}}]

    rows.answer("BatchWriteItem", {"RequestItems": {"accounts": requests}})

    assert only(rows) == other


def test_a_transaction_puts_and_deletes(rows: Rows) -> None:
    rows.answer("PutItem", {"TableName": "accounts", "Item": KEY})

    deletion = {"Delete": {"TableName": "accounts", "Key": KEY}}
    rows.answer("TransactWriteItems", {"TransactItems": [deletion]})

    assert rows.items == {}

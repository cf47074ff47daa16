"""No test of an adapter passes whose expressions DynamoDB would refuse."""

import pytest

from tests.integration.cloud import Cloud
from tests.integration.expressions import reserved_words


def test_a_call_that_names_a_reserved_word_does_not_get_through(cloud: Cloud) -> None:
    update = "SET ttl = :n ADD #count :n"
    with pytest.raises(AssertionError, match="ttl"):
        cloud.dynamodb.update_item(TableName="accounts", Key={}, UpdateExpression=update)


def test_a_reserved_word_is_found_wherever_an_attribute_is_named() -> None:
    check = {"ConditionExpression": "attribute_not_exists(pk) AND status = :total AND #user = :n"}
    assert reserved_words({"TransactItems": [{"Put": check}]}) == {"status"}


def test_a_function_is_no_reserved_word_and_what_it_is_of_may_be() -> None:
    assert reserved_words({"ConditionExpression": "size(#list) < :n"}) == set()
    assert reserved_words({"ConditionExpression": "size(list) < size"}) == {"list", "size"}


def test_operators_placeholders_and_values_are_no_reserved_words() -> None:
    expressions = {"UpdateExpression": "SET #ttl = :ttl REMOVE due", "Item": {"status": "total"}}
    assert reserved_words(expressions) == set()

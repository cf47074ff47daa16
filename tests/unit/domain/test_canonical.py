"""One text for all JSON values that mean the same."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical, digest

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    LEAVES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def shuffled(value: Any) -> Any:
    """The same with every object's names the other way round."""
    if isinstance(value, dict):
        return {name: shuffled(value[name]) for name in reversed(value)}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


def exact(value: Any) -> Any:
    """What JSON says: numbers as exact as they are, and told from true and false."""
    if isinstance(value, dict):
        return {name: exact(each) for name, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return type(value).__name__, value
    return "number", Decimal(value)


@given(VALUES)
def test_it_says_what_was_said_to_the_last_digit(value: Any) -> None:
    assert exact(json.loads(canonical(value))) == exact(value)


@given(VALUES)
def test_the_order_of_names_does_not_matter(value: Any) -> None:
    assert canonical(shuffled(value)) == canonical(value)


@given(VALUES, VALUES)
def test_two_values_have_one_text_only_if_they_are_equal(one: Any, other: Any) -> None:
    assert (canonical(one) == canonical(other)) == (exact(one) == exact(other))


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_has_one_spelling(number: int) -> None:
    assert canonical([{"n": [float(number)]}]) == canonical([{"n": [number]}])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        (5e-324, "5e-324"),
        (2**53 + 1, "9007199254740993"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ("7.0", '"7.0"'),
        (" a  b ", '" a  b "'),
        ([], "[]"),
        ({}, "{}"),
        ({"b": [1, 2.0], "a": {"d": "é", "c": None}}, r'{"a":{"c":null,"d":"\u00e9"},"b":[1,2]}'),
        ([[1.0, [2.0, {"x": 3.0}]]], '[[1,[2,{"x":3}]]]'),
    ],
)
def test_this_is_the_text(value: Any, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (False, 0),
        (None, 0),
        ("1", 1),
        (2**53, 2**53 + 1),
        (float(2**53), 2**53 + 1),
        ([1, 2], [2, 1]),
        ([1, 2], [[1], 2]),
        ({"a": 1}, {"A": 1}),
        ("a", "a "),
        ("é", "e\u0301"),
    ],
)
def test_what_differs_stays_apart(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)
    assert digest(one) != digest(other)


def test_a_digest_is_the_sha_256_of_all_values_in_their_order() -> None:
    known = "3b964a5d9339815350f1ffdfd5f7de663ab350abb75fee412b585cafa3ab29fd"  # of ["a",7]
    assert digest("a", 7.0) == digest("a", 7) == known


@pytest.mark.parametrize("values", [("b", "a"), (["a", "b"],), ("ab",), ("a",), ("a", "b", None)])
def test_other_values_have_another_digest(values: tuple[Any, ...]) -> None:
    assert digest(*values) != digest("a", "b")

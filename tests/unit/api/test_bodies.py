import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.bodies import (
    FORM,
    JSON,
    LIMIT,
    Expected,
    fit_query,
    form_value,
    json_value,
)
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.errors import BadRequest, TooLarge, UnsupportedMediaType

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
)


@given(VALUES, st.booleans())
def test_what_is_json_is_read_as_it_was_written(value: object, ensure_ascii: bool) -> None:
    assert json_value(json.dumps(value, ensure_ascii=ensure_ascii).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b"Infinity",
        b"-Infinity",
        b"[1,]",
        b"01",
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'"a\nb"',
        b"null null",
    ],
)
def test_what_is_no_json_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        json_value(raw)


@given(st.binary(max_size=200))
def test_no_body_fails_in_another_way(raw: bytes) -> None:
    for read in (json_value, form_value):
        with suppress(BadRequest):
            read(raw)


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert json_value(b'"\\ud83d\\ude42"') == "🙂"


def test_a_form_keeps_blank_values() -> None:
    assert form_value(b"a=%C3%BC+2&b=&c") == {"a": "ü 2", "b": "", "c": ""}


@pytest.mark.parametrize("raw", [b"a=%ff", b"a=\xff", b"a=%ed%a0%80", b"a=1&a=1", b"a=1&%61=2"])
def test_what_is_no_form_or_has_a_field_twice_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        form_value(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"": 1, "": 2}',
        b'[{"a": [{"b": {"c": 1, "c": 2}}]}]',
    ],
)
def test_a_name_that_comes_twice_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        json_value(raw)


def test_a_name_may_come_again_in_another_object() -> None:
    assert json_value(b'{"a": {"a": [{"a": 1}, {"a": 2}]}}') == {"a": {"a": [{"a": 1}, {"a": 2}]}}


@pytest.mark.parametrize(
    ("given", "shown"), [({"limit": ""}, 20), ({}, 20), ({"limit": "7", "more": "x"}, 7)]
)
def test_an_empty_parameter_counts_as_absent_and_an_unknown_one_is_dropped(
    given: dict[str, str], shown: int
) -> None:
    assert fit_query(given, PageQuery).limit == shown


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/merge-patch+json", JSON),
        ("application/x-www-form-urlencoded;charset=UTF-8", FORM),
    ],
)
def test_a_type_is_read_without_its_parameters_and_case(given: str, expected: str) -> None:
    raw = b'"' + b"x" * (LIMIT - 2) + b'"' if expected == JSON else b"a=b"
    assert Expected(None, expected).value(raw, given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", JSON), ("text/plain", JSON), (FORM, JSON), (JSON, FORM), ("application/jsonp", JSON)],
)
def test_another_type_is_refused(given: str, expected: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        Expected(None, expected).value(b"{}", given)


def test_size_is_told_before_type() -> None:
    with pytest.raises(TooLarge):
        Expected(None).value(b"x" * (LIMIT + 1), "text/plain")

"""`Idempotency-Key`."""

import re
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.idempotency import key
from chalicelib.api.openapi.headers import TAKEN
from chalicelib.errors import BadRequest

UUID = "8e03978e-40d5-43e8-bc93-6894a57f9324"
VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


def read(*values: str) -> str | None:
    return key({"idempotency-key": values})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UUID, UUID),
        (f'"{UUID}"', UUID),
        (f' \t"{UUID}" ', UUID),
        (f"  {UUID}\t", UUID),
        ("x", "x"),
        ('"x"', "x"),
        ("x" * 255, "x" * 255),
        ('"' + "x" * 255 + '"', "x" * 255),
        ('"' + '\\"' * 255 + '"', '"' * 255),
        (VISIBLE, VISIBLE),
        (r'"a\"b\\c"', r'a"b\c'),
        ('a"b', 'a"b'),
        ("a\\b", "a\\b"),
        ("a,b", "a,b"),
        ("'a'", "'a'"),
    ],
)
def test_it_is_visible_characters_quoted_or_not(value: str, text: str) -> None:
    assert read(value) == text


def test_quoted_and_not_it_is_the_same() -> None:
    assert read("abc") == read('"abc"')


def test_without_the_header_there_is_none() -> None:
    assert key({}) is key({"idempotency-key": []}) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        '""',
        '"',
        '"abc',
        '"abc" d',
        '"abc";p=1',
        '"a"b"',
        r'"abc\"',
        r'"a\bc"',
        '" "',
        '"a b"',
        "a b",
        "a\tb",
        "x" * 256,
        '"' + "x" * 256 + '"',
        "a\x00b",
        "a\x1f",
        "\x1fa",
        "a\x7f",
        '"a\x00"',
        "é",
        '"é"',
        "a\x85",
        "\xa0a",
        "a\u2003",
        "🙂",
        '"\\' * 5000,
    ],
)
def test_what_cannot_be_read_is_a_bad_request_that_does_not_repeat_it(value: str) -> None:
    with pytest.raises(BadRequest, match=r"^An Idempotency-Key is one text of 1 to 255 visible"):
        read(value)


@pytest.mark.parametrize("values", [("a", "b"), ("a", "a"), ("a", ""), ("", "a")])
def test_two_of_them_are_none(values: tuple[str, str]) -> None:
    with pytest.raises(BadRequest):
        read(*values)


@given(st.text(max_size=300))
def test_no_text_fails_in_another_way(text: str) -> None:
    with suppress(BadRequest):
        found = read(text)
        assert found
        assert len(found) <= 255
        assert set(found) <= set(VISIBLE)


@given(st.text(VISIBLE, min_size=1, max_size=255))
def test_what_is_quoted_is_read_as_it_was(text: str) -> None:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    assert read(f'"{escaped}"') == text


PATTERN = TAKEN["Idempotency-Key"]["schema"]["pattern"]
TEXTS = ["".join(each) for length in (1, 2, 3, 4) for each in product('"\\!~[]#a', repeat=length)]
LONG = ["a" * 255, "a" * 256, f'"{"a" * 255}"', f'"{"a" * 256}"', '"' + '\\"' * 255 + '"']


def is_taken(text: str) -> bool:
    try:
        return read(text) is not None
    except BadRequest:
        return False


def test_the_document_tells_which_keys_are_taken() -> None:
    told = {text for text in [*TEXTS, *LONG] if re.search(PATTERN, text)}

    assert told == {text for text in [*TEXTS, *LONG] if is_taken(text)}

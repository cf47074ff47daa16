"""The name that a caller gives a request."""

import re
from itertools import product

import pytest

from chalicelib.api.idempotency import key
from chalicelib.api.openapi.headers import TAKEN
from chalicelib.errors import BadRequest

PATTERN = TAKEN["Idempotency-Key"]["schema"]["pattern"]
TEXTS = ["".join(each) for length in (1, 2, 3, 4) for each in product('"\\!~[]#a', repeat=length)]
LONG = ["a" * 255, "a" * 256, f'"{"a" * 255}"', f'"{"a" * 256}"', '"' + '\\"' * 255 + '"']


def is_taken(text: str) -> bool:
    try:
        return key({"idempotency-key": [text]}) is not None
    except BadRequest:
        return False


def test_the_document_tells_which_keys_are_taken() -> None:
    told = {text for text in [*TEXTS, *LONG] if re.search(PATTERN, text)}

    assert told == {text for text in [*TEXTS, *LONG] if is_taken(text)}


@pytest.mark.parametrize(("text", "meant"), [('"a"', "a"), ('"a\\"b"', 'a"b'), ('a"b', 'a"b')])
def test_a_quoted_key_is_the_same_as_the_bare_one(text: str, meant: str) -> None:
    assert key({"idempotency-key": [text]}) == meant

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.errors import Invalid
from chalicelib.services.validation import invalid


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    names: list[str]


def errors_of(refusal: Invalid) -> Any:
    return refusal.facts["errors"]


def refusal_of(value: object, at: str = "") -> Invalid:
    with pytest.raises(ValidationError) as found:
        Body.model_validate(value)
    return invalid(found.value, at)


def test_a_pointer_leads_into_lists() -> None:
    assert refusal_of({"names": ["a", 1]}, "/input").detail == (
        "/input/names/1: Input should be a valid string"
    )


def test_a_pointer_escapes_what_rfc_6901_escapes() -> None:
    [error] = errors_of(refusal_of({"names": [], "a/b~c": 1}))
    assert error["pointer"] == "/a~1b~0c"


def test_the_whole_body_is_pointed_at_as_such() -> None:
    assert str(refusal_of(None).detail).startswith("/: ")


def test_the_detail_tells_how_many_more_there_are() -> None:
    refusal = refusal_of({"names": [1, 2, 3]})
    assert str(refusal.detail).endswith("(and 2 more)")
    assert len(errors_of(refusal)) == 3


def test_of_thousands_only_the_first_are_listed_and_all_are_counted() -> None:
    refusal = refusal_of({"names": list(range(1000))})
    assert str(refusal.detail).endswith("(and 999 more)")
    assert len(errors_of(refusal)) == 20


def test_a_body_that_is_no_object_is_told_without_a_class_of_ours() -> None:
    assert refusal_of([]).detail == "/: Input should be an object"


def test_a_name_that_the_sender_made_up_is_not_repeated_at_length() -> None:
    refusal = refusal_of({"names": [], "x" * 100_000: 1})
    [error] = errors_of(refusal)
    assert error["pointer"] == f"/{'x' * 40}…"
    assert len(str(refusal.detail)) < 100

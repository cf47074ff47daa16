"""Flags made from a schema, and values made from what was typed."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
import typer
from pydantic import BaseModel, Field

from infra.cli.flags import Flag, flags_of, typed


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Inner(BaseModel):
    depth: int


class Everything(BaseModel):
    """One field of each kind."""

    ratio: float = Field(ge=0, le=1, description="A share.", examples=[0.5])
    many_things: int = Field(gt=0, lt=10)
    name: Annotated[str, Field(min_length=1, max_length=5)]
    fast: bool = False
    colour: Colour
    level: Literal[1, 2] = 1
    note: str | None = None
    inner: Inner | None = None
    tags: list[str] = Field(default=[], max_length=3)
    token: str = ""


FLAGS = {flag.field: flag for flag in flags_of(Everything.model_json_schema())}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("ratio", "0.5", 0.5),
        ("ratio", "-1e3", -1000.0),
        ("ratio", "40", 40),
        ("many_things", "7", 7),
        ("name", "7", "7"),
        ("colour", "green", "green"),
        ("level", "2", 2),
        ("note", "null", "null"),
        ("inner", '{"depth": 3}', {"depth": 3}),
        ("tags", '["a", "b"]', ["a", "b"]),
    ],
)
def test_a_text_becomes_the_value_that_its_field_takes(field: str, text: str, value: Any) -> None:
    found = FLAGS[field].value(text)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("ratio", "warm"),
        ("ratio", "nan"),
        ("ratio", "Infinity"),
        ("many_things", ""),
        ("colour", "blue"),
        ("inner", "{depth: 3}"),
        ("tags", "[NaN]"),
    ],
)
def test_a_text_that_is_no_value_is_refused_by_the_name_of_its_flag(field: str, text: str) -> None:
    flags = [FLAGS[field]]

    with pytest.raises(typer.BadParameter, match=f"^--{FLAGS[field].name}: "):
        typed(flags, {"field_0": text})


def test_what_was_not_typed_is_left_to_the_schema() -> None:
    flags = [FLAGS["name"], FLAGS["fast"], FLAGS["note"]]

    assert typed(flags, {"field_0": "ada", "field_1": None, "field_2": None}) == {"name": "ada"}


def test_a_boolean_is_a_switch() -> None:
    assert [flag.field for flag in FLAGS.values() if flag.is_switch] == ["fast"]


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("ratio", "NUMBER"),
        ("many_things", "INTEGER"),
        ("name", "TEXT"),
        ("note", "TEXT"),
        ("colour", "red|green"),
        ("level", "1|2"),
        ("inner", "JSON"),
        ("tags", "JSON"),
    ],
)
def test_the_word_for_a_value_tells_its_kind(field: str, word: str) -> None:
    assert FLAGS[field].word == word


@pytest.mark.parametrize(
    ("field", "help"),
    [
        ("ratio", "A share. [0 to 1; e.g. 0.5; required]"),
        ("many_things", "Many Things [above 0; below 10; required]"),
        ("name", "Name [1 to 5 characters; required]"),
        ("tags", "Tags [at most 3 items; default: []; optional]"),
        ("fast", "Fast [default: false; optional]"),
    ],
)
def test_help_tells_description_range_default_and_example(field: str, help: str) -> None:
    assert FLAGS[field].help == help


def test_a_field_never_hides_a_flag_of_the_verb_itself() -> None:
    assert (FLAGS["token"].name, FLAGS["many_things"].name) == ("input-token", "many-things")


def test_a_field_may_have_any_name_that_json_allows() -> None:
    flags = flags_of({"properties": {"1st place": {"type": "string"}}})

    assert typed(flags, {"field_0": "x"}) == {"1st place": "x"}


def test_a_schema_without_fields_has_no_flags() -> None:
    assert flags_of({"type": "object"}) == []


def test_a_number_without_an_upper_bound_has_a_lower_one() -> None:
    assert Flag("n", {"type": "number", "minimum": 2}, True).help == "[at least 2; required]"

"""Command-line flags from a model's input schema, and an input from what was typed."""

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

Schema = Mapping[str, Any]
RESERVED = frozenset({"input", "token", "json", "help"})
"""Flags of `predict` itself."""
WORDS = {"number": "NUMBER", "integer": "INTEGER", "string": "TEXT"}


@dataclass(frozen=True)
class Flag:
    """One field of an input, as typed on a command line."""

    field: str
    schema: Schema
    is_required: bool

    @property
    def name(self) -> str:
        """Without dashes in front; a field that bears a name of our own is told apart."""
        name = self.field.replace("_", "-")
        return f"input-{name}" if name in RESERVED else name

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return self.schema.get("type") == "boolean"

    @property
    def word(self) -> str:
        """What stands for its value in a usage line."""
        if "enum" in self.schema:
            return "|".join(map(str, self.schema["enum"]))
        return WORDS.get(str(self.schema.get("type")), "JSON")

    @property
    def help(self) -> str:
        """Description, range, default and example."""
        described = self.schema.get("description") or self.schema.get("title") or ""
        return f"{described} [{'; '.join(self._notes())}]".strip()

    def value(self, text: str) -> Any:
        """The value that a text stands for; ValueError says what it should have been."""
        if "enum" in self.schema:
            return self._choice(text)
        match self.schema.get("type"):
            case "string":
                return text
            case "number" | "integer":
                return _number(text)
        return _json(text)

    def _choice(self, text: str) -> Any:
        by_text = {str(choice): choice for choice in self.schema["enum"]}
        if text not in by_text:
            raise ValueError(f"{text!r} is none of {', '.join(by_text)}")
        return by_text[text]

    def _notes(self) -> Iterator[str]:
        yield from bounds(self.schema)
        if "default" in self.schema:
            yield f"default: {json.dumps(self.schema['default'])}"
        if self.schema.get("examples"):
            yield f"e.g. {_shown(self.schema['examples'][0])}"
        yield "required" if self.is_required else "optional"


def flags_of(schema: Schema) -> list[Flag]:
    """A flag for each top-level field."""
    required = schema.get("required", ())
    return [
        Flag(field, _resolved(each, schema), field in required)
        for field, each in schema.get("properties", {}).items()
    ]


def bounds(schema: Schema) -> Iterator[str]:
    """The limits of a number, or of the length of a text or list, in words."""
    units = {"": "", "Length": " characters", "Items": " items"}
    for suffix, unit in units.items():
        names = ("minimum", "maximum") if not suffix else (f"min{suffix}", f"max{suffix}")
        least, most = (schema.get(name) for name in names)
        if least is not None and most is not None:
            yield f"{least} to {most}{unit}"
        elif least is not None or most is not None:
            yield f"at least {least}{unit}" if most is None else f"at most {most}{unit}"
    if "exclusiveMinimum" in schema:
        yield f"above {schema['exclusiveMinimum']}"
    if "exclusiveMaximum" in schema:
        yield f"below {schema['exclusiveMaximum']}"


def signature(flags: Sequence[Flag], own: Sequence[inspect.Parameter]) -> inspect.Signature:
    """What makes Typer read these flags, after a verb's own options."""
    return inspect.Signature([*own, *(_parameter(number, f) for number, f in enumerate(flags))])


def typed(flags: Sequence[Flag], given: Mapping[str, Any]) -> dict[str, Any]:
    """The input that was typed; a text that is no value of its field is wrong usage."""
    values = {}
    for number, flag in enumerate(flags):
        text = given[_identifier(number)]
        if text is not None:
            values[flag.field] = text if flag.is_switch else _value(flag, text)
    return values


def option(name: str, annotation: Any, default: Any, **settings: Any) -> inspect.Parameter:
    """A parameter that Typer reads as `--name`."""
    return inspect.Parameter(
        settings.pop("identifier", name),
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[annotation, typer.Option(f"--{name}", show_default=False, **settings)],
    )


def _parameter(number: int, flag: Flag) -> inspect.Parameter:
    identifier = _identifier(number)
    if flag.is_switch:
        name = f"{flag.name}/--no-{flag.name}"
        return option(name, bool | None, None, identifier=identifier, help=flag.help)
    return option(
        flag.name, str | None, None, identifier=identifier, metavar=flag.word, help=flag.help
    )


def _identifier(number: int) -> str:
    """By position: a field of JSON may have any name at all."""
    return f"field_{number}"


def _value(flag: Flag, text: str) -> Any:
    try:
        return flag.value(text)
    except ValueError as error:
        raise typer.BadParameter(f"--{flag.name}: {error}") from None


def _number(text: str) -> int | float:
    for kind in (int, float):
        try:
            number: int | float = kind(text)
        except ValueError:
            continue
        if json.dumps(number).lstrip("-")[0].isdigit():  # JSON has neither NaN nor Infinity
            return number
    raise ValueError(f"{text!r} is not a number")


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        raise ValueError(f"{text!r} is not JSON") from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema without references, and without the null of an optional field."""
    if reference := schema.get("$ref"):
        found = root.get("$defs", {})[str(reference).rpartition("/")[2]]
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        beside = {key: value for key, value in schema.items() if key != "anyOf"}
        return _resolved({**choices[0], **beside}, root)
    if "const" in schema:
        return {**schema, "enum": [schema["const"]]}
    return schema


def _shown(example: object) -> str:
    return example if isinstance(example, str) else json.dumps(example)

"""Reading a request's body and query: size, then type, then syntax, then schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from chalicelib.errors import BadRequest, Invalid, TooLarge, UnsupportedMediaType
from chalicelib.services.validation import invalid

LIMIT = 256 * 1024
"""Bytes of a body."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Expected:
    """What the body of a route is to be; without a schema any JSON value."""

    schema: type[BaseModel] | None
    media_type: str = JSON
    largest: int = LIMIT
    is_optional: bool = False

    def value(self, raw: bytes, content_type: str) -> Any:
        """What a body says: TooLarge, then UnsupportedMediaType, then BadRequest."""
        if len(raw) > self.largest:
            raise TooLarge(f"A body has at most {self.largest // 1024} KB")
        given = content_type.partition(";")[0].strip().lower()
        if given != self.media_type and not (self.media_type == JSON and given.endswith("+json")):
            raise UnsupportedMediaType(f"The body of this route is {self.media_type}")
        return json_value(raw) if self.media_type == JSON else form_value(raw)


def json_value(raw: bytes) -> Any:
    """The value of a JSON text (RFC 8259), which knows no NaN and no half of a surrogate pair.

    About 200 levels deep at most: what is read here must be written again by pydantic. A name
    comes once in an object (RFC 7493, 2.3): of two, each reader would believe another.
    """
    try:
        value = from_json(raw, allow_inf_nan=False)
        json.loads(raw, object_pairs_hook=_once)
    except ValueError:
        raise BadRequest("The body is not valid JSON") from None
    return value


def form_value(raw: bytes) -> dict[str, str]:
    """The fields of a form, each once."""
    try:
        return _once(parse_qsl(raw.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise BadRequest("The body is not a valid form") from None


def fit(value: Any, schema: type[Body]) -> Body:
    """The value as its schema has it; Invalid tells each misfit without repeating it."""
    try:
        return schema.model_validate(value, strict=True)
    except ValidationError as error:
        raise invalid(error) from None


def fit_query(given: Mapping[str, str], schema: type[Body]) -> Body:
    """The query's parameters as the schema has them; an empty one counts as absent."""
    try:
        return schema.model_validate_strings({name: text for name, text in given.items() if text})
    except ValidationError as error:
        raise invalid(error) from None


def absent() -> Invalid:
    """There is no body where one is needed."""
    finding = {"pointer": "", "detail": "A body is required", "code": "missing"}
    return Invalid("/: A body is required", errors=[finding])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found

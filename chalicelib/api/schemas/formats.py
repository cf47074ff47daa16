"""Texts of a known form; they are formed by us, so nothing checks them again."""

from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

Id = Annotated[
    str,
    Field(examples=["019ab0c4-1d80-7c3e-9a55-2f0c6f4b8e21"], json_schema_extra={"format": "uuid"}),
]
Instant = Annotated[
    str,
    Field(examples=["2026-11-23T12:00:00.000Z"], json_schema_extra={"format": "date-time"}),
]
Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]


def printable(text: str) -> str:
    """A name that can be shown and told from others; anything else is a misfit."""
    if not text.isprintable() or text != text.strip():
        what = "A name has printable characters only, and no space at its ends"
        raise PydanticCustomError("name", what)
    return text

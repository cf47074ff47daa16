"""Which page of a list is wanted."""

import re
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError


def spelt(pattern: str) -> BeforeValidator:
    """How a parameter is written; pydantic would read `1_0`, `yes` and seconds since 1970 too."""

    def check(text: object) -> object:
        if isinstance(text, str) and not re.fullmatch(pattern, text):
            raise PydanticCustomError("spelling", "Input should be spelt as its schema says")
        return text

    return BeforeValidator(check)


Limit = Annotated[int, spelt("[0-9]{1,9}")]
Flag = Annotated[bool, spelt("true|false")]
Moment = Annotated[AwareDatetime, spelt("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt].+")]
Uuid = Annotated[
    str,
    spelt("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"),
    Field(json_schema_extra={"format": "uuid"}),
]


class PageQuery(BaseModel):
    """Parameters that every list has."""

    limit: Limit = Field(20, ge=1, le=100, description="Most items of the page.")
    cursor: str | None = Field(
        None, max_length=4096, description="The `next_cursor` of the page before."
    )


class UserQuery(PageQuery):
    """Which users are wanted."""

    email: str | None = Field(None, max_length=320, description="An address, however it is spelt.")
    is_active: Flag | None = Field(None, description="Only those who may, or may not, come in.")

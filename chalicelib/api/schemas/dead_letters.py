"""Dead letters, and asking once more for what they are of."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.api.schemas.formats import Id, Instant
from chalicelib.domain.dead_letters import DeadLetter, Reason
from chalicelib.domain.instants import iso
from chalicelib.domain.redrives import Obstacle, Report

LetterId = Annotated[str, Field(min_length=1, max_length=200)]
EXAMPLE = ["019ab0c4-1d80-7c3e-9a55-2f0c6f4b8e21"]


class DeadLetterView(BaseModel):
    """A message that was given up; its id is the prediction's, or its own if it names none."""

    id: str = Field(examples=EXAMPLE)
    model: str | None
    reason: Reason
    attempts: int
    created_at: Instant
    dead_at: Instant

    @classmethod
    def of(cls, letter: DeadLetter) -> "DeadLetterView":
        return cls(
            id=letter.id,
            model=letter.model,
            reason=letter.reason,
            attempts=letter.attempts,
            created_at=iso(letter.created_at),
            dead_at=iso(letter.dead_at),
        )


class DeadLetterList(BaseModel):
    """Some dead letters, the newest predictions first."""

    data: list[DeadLetterView]
    next_cursor: str | None


def _true(value: bool) -> bool:
    if not value:
        raise PydanticCustomError("redrive", "To redrive not all, name some by ids")
    return value


class Redrive(BaseModel):
    """Which dead letters: some by their ids, or all, from a cursor on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "oneOf": [
                {"required": ["ids"], "maxProperties": 1},
                {"required": ["all"], "properties": {"ids": False}},
            ]
        },
    )

    # The document tells no default that is made, and neither of these can be null.
    ids: list[LetterId] = Field(
        default_factory=list, min_length=1, max_length=100, examples=[EXAMPLE]
    )
    all: Annotated[bool, AfterValidator(_true), Field(json_schema_extra={"const": True})] = Field(
        default_factory=bool
    )
    cursor: str | None = Field(
        None, max_length=4096, description="With `all`: the `next_cursor` of the answer before."
    )

    @model_validator(mode="after")
    def _is_either(self) -> "Redrive":
        if self.model_fields_set not in ({"ids"}, {"all"}, {"all", "cursor"}):
            what = "Name either ids, or all and then perhaps a cursor"
            raise PydanticCustomError("redrive", what)
        return self


class RedrivenView(BaseModel):
    """A dead letter, and the prediction that was made in its place."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    letter: str = Field(alias="from", examples=EXAMPLE)
    to: Id


class SkippedView(BaseModel):
    """A dead letter that nothing was made for, and why."""

    id: str = Field(examples=EXAMPLE)
    reason: Obstacle


class ReportView(BaseModel):
    """What became of each; a cursor if there was no time for all."""

    redriven: list[RedrivenView]
    skipped: list[SkippedView]
    next_cursor: str | None

    @classmethod
    def of(cls, report: Report, next_cursor: str | None) -> "ReportView":
        return cls(
            redriven=[RedrivenView(letter=id, to=made) for id, made in report.redriven.items()],
            skipped=[SkippedView(id=id, reason=why) for id, why in report.skipped.items()],
            next_cursor=next_cursor,
        )

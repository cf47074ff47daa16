"""The catalogue, as one caller sees it."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from chalicelib.api.schemas.formats import Instant
from chalicelib.domain.access import Grant, Window
from chalicelib.domain.instants import iso
from chalicelib.inference.registry import Spec


class WindowView(BaseModel):
    """One limit: null is no limit; `reset` is when `used` starts again."""

    limit: int | None
    used: int
    remaining: int | None
    reset: Instant

    @classmethod
    def of(cls, window: Window) -> "WindowView":
        return cls(
            limit=window.limit,
            used=window.used,
            remaining=window.remaining,
            reset=iso(window.reset),
        )


class QuotaView(BaseModel):
    """Both limits of a grant."""

    daily: WindowView
    monthly: WindowView

    @classmethod
    def of(cls, daily: Window, monthly: Window) -> "QuotaView":
        return cls(daily=WindowView.of(daily), monthly=WindowView.of(monthly))


class GrantSummary(BaseModel):
    """The caller's own grant."""

    access_policy_id: int
    expires_at: Instant | None

    @classmethod
    def of(cls, grant: Grant) -> "GrantSummary":
        ends = iso(grant.expires_at) if grant.expires_at else None
        return cls(access_policy_id=grant.policy_id, expires_at=ends)


class ModelView(BaseModel):
    """A model of the catalogue, and what the caller may do with it."""

    id: int
    name: str
    version: str
    problem: str
    category: str
    description: str
    worker: str
    enabled: bool
    cacheable: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    grant: GrantSummary | None
    quota: QuotaView | None

    @classmethod
    def of(
        cls, spec: Spec, grant: Grant | None, left: tuple[Window, Window] | None, is_disabled: bool
    ) -> "ModelView":
        return cls(
            id=spec.id,
            name=spec.name,
            version=spec.version,
            problem=spec.problem,
            category=spec.category,
            description=spec.description,
            worker=spec.worker,
            enabled=not is_disabled,
            cacheable=False,
            input_schema=_schema(spec.input_type, "validation"),
            output_schema=_schema(spec.output_type, "serialization"),
            grant=GrantSummary.of(grant) if grant else None,
            quota=QuotaView.of(*left) if left else None,
        )


class ModelList(BaseModel):
    """Every model."""

    data: list[ModelView]


class SchemaView(BaseModel):
    """What a model takes and gives, as JSON Schema."""

    input: dict[str, Any]
    output: dict[str, Any]

    @classmethod
    def of(cls, spec: Spec) -> "SchemaView":
        given = _schema(spec.output_type, "serialization")
        return cls(input=_schema(spec.input_type, "validation"), output=given)


class Switch(BaseModel):
    """Whether a model takes predictions."""

    enabled: Annotated[bool, Field(examples=[False])]


@lru_cache(maxsize=256)
def _schema(type_: type[BaseModel], mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    """Made once: it costs a millisecond a model."""
    return type_.model_json_schema(mode=mode)

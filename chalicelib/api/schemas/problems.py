"""Refusals as they look; `chalicelib.api.problems` makes them, this describes them."""

from pydantic import BaseModel, ConfigDict, Field


class Finding(BaseModel):
    """Where a body does not fit its schema, and why; what was sent is not repeated."""

    pointer: str = Field(
        description="RFC 6901; empty is the whole body.", examples=["/input/month"]
    )
    detail: str
    code: str


class InvalidPassword(BaseModel):
    """The `detail` of an unacceptable password, as fastapi-users words it."""

    code: str
    reason: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457); `code` is what to test for."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:lambent:problem:not-found"])
    title: str
    status: int
    detail: str | InvalidPassword
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="The last part of `type`.")
    request_id: str = Field(description="Names the request in the logs.")


class InvalidProblem(Problem):
    """A body that was read and does not fit."""

    errors: list[Finding]


class QuotaProblem(Problem):
    """A limit of the grant is used up; `Retry-After` tells until when."""

    violated_policies: list[str] = Field(
        alias="violated-policies", description="`daily`, `monthly` or both."
    )

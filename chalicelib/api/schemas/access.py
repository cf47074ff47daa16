"""Access policies and grants."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.api.schemas.formats import Id, Instant, printable
from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.instants import epoch_ms, iso

MOST = 10**12
"""Of anything: far beyond a limit that anybody needs, and within what a table holds."""
RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
END_OF_TIME = 253_402_300_800_000
"""The year 10000 (ms), which no text of ours can name."""


def _moment(value: object) -> object:
    """An instant from a text alone: pydantic would read a number as one, too."""
    if not isinstance(value, str) or not RFC3339.fullmatch(value):
        raise PydanticCustomError("instant", "Input should be an instant as RFC 3339 has it")
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError("instant", "Input should be an instant that exists") from None


def _tellable(moment: datetime) -> datetime:
    if not 0 < epoch_ms(moment) < END_OF_TIME:
        raise PydanticCustomError("instant", "Input should lie after 1970 and before 10000")
    return moment


Moment = Annotated[
    AwareDatetime,
    Field(examples=["2027-01-01T00:00:00Z"]),
    AfterValidator(_tellable),
    BeforeValidator(_moment),
]

Name = Annotated[
    str, Field(min_length=1, max_length=100, examples=["trial"]), AfterValidator(printable)
]
Limit = Annotated[
    int | None,
    Field(ge=0, le=MOST, description="Predictions; null is no limit.", examples=[100]),
]
RetentionDays = Annotated[int, Field(ge=1, le=365, examples=[30])]


class NewPolicy(BaseModel):
    """A policy is to be made; a limit that is left out is none."""

    name: Name
    daily_api_calls: Limit = None
    monthly_api_calls: Limit = None
    retention_days: RetentionDays = 30


class PolicyChange(BaseModel):
    """What is left out stays as it is; a limit that is null ends.

    No default is ever looked at, nor told by the document: only what was set is.
    """

    name: Name = Field(default_factory=str)
    daily_api_calls: Limit = Field(default_factory=int)
    monthly_api_calls: Limit = Field(default_factory=int)
    retention_days: RetentionDays = Field(default_factory=int)

    def of(self, policy: Policy) -> Policy:
        """The policy after the change."""
        return replace(
            policy, **{OURS[name]: getattr(self, name) for name in self.model_fields_set}
        )


OURS = {
    "name": "name",
    "daily_api_calls": "daily",
    "monthly_api_calls": "monthly",
    "retention_days": "retention_days",
}
"""The fields of a policy that may change, by their names in the contract."""


class PolicyView(BaseModel):
    """Limits that grants copy; null is no limit."""

    id: int
    name: str
    daily_api_calls: int | None
    monthly_api_calls: int | None
    retention_days: int

    @classmethod
    def of(cls, policy: Policy) -> "PolicyView":
        facts = {theirs: getattr(policy, ours) for theirs, ours in OURS.items()}
        return cls(id=policy.id, **facts)


class PolicyList(BaseModel):
    """Some policies, by id."""

    data: list[PolicyView]
    next_cursor: str | None


class NewGrant(BaseModel):
    """Under which policy, and until when; without an end it has none."""

    access_policy_id: Annotated[int, Field(examples=[1])]
    expires_at: Moment | None = None

    @property
    def end(self) -> int | None:
        """In ms since the epoch."""
        return None if self.expires_at is None else epoch_ms(self.expires_at)


class GrantView(BaseModel):
    """A user may use a model; once it has expired, not any more."""

    user_id: Id
    model: str
    access_policy_id: int
    expires_at: Instant | None
    granted_at: Instant

    @classmethod
    def of(cls, grant: Grant) -> "GrantView":
        return cls(
            user_id=grant.user_id,
            model=grant.model,
            access_policy_id=grant.policy_id,
            expires_at=None if grant.expires_at is None else iso(grant.expires_at),
            granted_at=iso(grant.granted_at),
        )


class GrantList(BaseModel):
    """All of a user's grants, by model."""

    data: list[GrantView]

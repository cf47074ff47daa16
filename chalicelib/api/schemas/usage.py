"""What is left of the quotas, and what was used."""

import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from chalicelib.api.schemas.models import WindowView
from chalicelib.api.schemas.paging import spelt
from chalicelib.domain.access import Window
from chalicelib.domain.usage import DayOfUse

Day = Annotated[datetime.date, spelt("[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class ModelQuota(BaseModel):
    """Both limits of one granted model."""

    model: str
    daily: WindowView
    monthly: WindowView

    @classmethod
    def of(cls, model: str, daily: Window, monthly: Window) -> "ModelQuota":
        return cls(model=model, daily=WindowView.of(daily), monthly=WindowView.of(monthly))


class QuotaList(BaseModel):
    """Every model that I may use, by id."""

    data: list[ModelQuota]


class UsageQuery(BaseModel):
    """Which days are wanted, at most 92; the thirty until today without any."""

    first: Day | None = Field(None, alias="from", description="The first day (UTC).")
    last: Day | None = Field(None, alias="to", description="The last day (UTC); today without it.")


class UsageView(BaseModel):
    """One day with one model: what was accepted on it, and what ended on it."""

    date: Annotated[str, Field(examples=["2026-11-23"], json_schema_extra={"format": "date"})]
    model: str
    accepted: int
    succeeded: int
    failed: int
    predict_ms: int = Field(description="Its share of the time that models took.")

    @classmethod
    def of(cls, day: DayOfUse) -> "UsageView":
        return cls(**{**vars(day), "date": day.date.isoformat()})


class UsageList(BaseModel):
    """The days on which anything happened, by day and model."""

    data: list[UsageView]

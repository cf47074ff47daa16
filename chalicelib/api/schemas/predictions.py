"""Predictions: what is submitted, and the one representation of them."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chalicelib.api.schemas.formats import Id, Instant, Url
from chalicelib.api.schemas.paging import Moment, PageQuery, Uuid
from chalicelib.domain.instants import epoch_ms, iso
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.reading import Filters


class Submission(BaseModel):
    """A prediction to make: the model's input, and what the caller wants to find with it."""

    model_config = ConfigDict(extra="forbid")

    input: JsonValue
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    expires_in: Annotated[
        int | None,
        Field(ge=1, le=86_400, description="Seconds after which it is not started any more."),
    ] = None


class BatchSubmission(BaseModel):
    """Many predictions to make: the model's inputs, each as if it came by itself."""

    model_config = ConfigDict(extra="forbid")

    inputs: list[JsonValue] = Field(min_length=1, max_length=1000)


class Urls(BaseModel):
    """Where a prediction is."""

    self: Url
    cancel: Url


class FailureView(BaseModel):
    """Why a prediction failed."""

    code: str
    detail: str


class MetricsView(BaseModel):
    """Milliseconds waited and run, and how many were predicted together."""

    queue_ms: int
    predict_ms: int
    batch_size: int


class PredictionQuery(PageQuery):
    """Which predictions are wanted; all of one's own without any."""

    model: str | None = Field(None, max_length=100, description="The name or the id of a model.")
    status: Status | None = Field(None, description="How they stand.")
    batch_id: Uuid | None = Field(None, description="Those of one batch.")
    created_after: Moment | None = Field(None, description="Later than this (RFC 3339).")
    user_id: Uuid | None = Field(None, description="Somebody's; for superusers.")

    def filters(self) -> Filters:
        # Nothing is older than the epoch.
        after = None if self.created_after is None else max(-1, epoch_ms(self.created_after))
        return Filters(self.model, self.status, self.batch_id, after, self.user_id)


class PredictionItem(BaseModel):
    """A prediction in a list, without its input and output."""

    id: Id
    object: Literal["prediction"] = "prediction"
    model: str
    version: str
    status: Status
    done: bool
    error: FailureView | None
    attempt: int
    cache: str | None
    charged: bool
    batch_id: Id | None
    requested_version: str
    created_at: Instant
    started_at: Instant | None
    completed_at: Instant | None
    expires_at: Instant | None
    retained_until: Instant
    metrics: MetricsView | None
    urls: Urls
    metadata: dict[str, JsonValue]
    retry_of: Id | None

    @classmethod
    def of(cls, prediction: Prediction, base_url: str) -> "PredictionItem":
        return cls.model_construct(**_facts(prediction, base_url))


class PredictionView(PredictionItem):
    """A prediction; `done` is what to test for."""

    input: JsonValue
    output: JsonValue

    @classmethod
    def of(cls, prediction: Prediction, base_url: str) -> "PredictionView":
        own: dict[str, Any] = {"input": prediction.input, "output": prediction.output}
        return cls.model_construct(**_facts(prediction, base_url), **own)


class PredictionList(BaseModel):
    """Some predictions, the newest first."""

    data: list[PredictionItem]
    next_cursor: str | None


def prediction_url(prediction_id: str, base_url: str) -> str:
    """Where a prediction is read."""
    return f"{base_url}/v1/predictions/{prediction_id}"


def _facts(prediction: Prediction, base_url: str) -> dict[str, Any]:
    url = prediction_url(prediction.id, base_url)
    error, metrics = prediction.error, prediction.metrics
    return dict(
        id=prediction.id,
        model=prediction.model,
        version=prediction.version,
        status=prediction.status,
        done=prediction.status.is_terminal,
        error=FailureView(code=error.code, detail=error.detail) if error else None,
        attempt=prediction.attempt,
        cache=prediction.cache,
        charged=prediction.charged,
        batch_id=prediction.batch_id,
        requested_version=prediction.requested_version,
        created_at=iso(prediction.created_at),
        started_at=_iso(prediction.started_at),
        completed_at=_iso(prediction.completed_at),
        expires_at=_iso(prediction.expires_at),
        retained_until=iso(prediction.retained_until),
        metrics=MetricsView(**asdict(metrics)) if metrics else None,
        urls=Urls(self=url, cancel=f"{url}/cancel"),
        metadata=dict(prediction.metadata),
        retry_of=prediction.retry_of,
    )


def _iso(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)

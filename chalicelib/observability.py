"""One line an event: a structured log line that carries its metrics (CloudWatch EMF)."""

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

# Without `location`, which would always name `record`: log volume is a third of the cost.
logger = Logger(location=None)

Value = float | Sequence[float]


class Metric(StrEnum):
    """Every metric that is emitted; dashboards and alarms may name no other."""

    REQUESTED = "PredictionsRequested"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    QUOTA_REJECTED = "QuotaRejected"
    ACCESS_DENIED = "AccessDenied"
    QUEUE_WAIT = "QueueWait"
    END_TO_END_LATENCY = "EndToEndLatency"
    INFERENCE_LATENCY = "InferenceLatency"
    BATCH_SIZE = "BatchSize"
    RESENT = "Resent"
    DEAD_LETTERS = "DeadLetters"


MOST_VALUES = 100
"""Of one metric in one line, by the embedded metric format's specification."""

COUNTS = frozenset(
    {
        Metric.REQUESTED,
        Metric.SUCCEEDED,
        Metric.FAILED,
        Metric.QUOTA_REJECTED,
        Metric.ACCESS_DENIED,
        Metric.BATCH_SIZE,
        Metric.RESENT,
        Metric.DEAD_LETTERS,
    }
)


def record(
    event: str, measured: Mapping[Metric, Value], model: str | None = None, **facts: object
) -> None:
    """Log `event` with its facts; counts and milliseconds in `measured` become metrics.

    Metrics go out twice, for the service as a whole and for the model, so that totals need
    no search expression. User and prediction ids are facts, never dimensions.
    """
    logger.info(event, **facts, **_embedded(measured, model))  # type: ignore[arg-type]


def _embedded(measured: Mapping[Metric, Value], model: str | None) -> dict[str, object]:
    if not measured:
        return {"model": model} if model else {}
    environment = os.environ.get("ENVIRONMENT", "local")
    # A namespace that is not set must not cost an answer: Powertools would raise.
    emf = EphemeralMetrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Lambent"))
    emf.add_dimension("environment", environment)
    if model:
        emf.add_dimensions(service=emf.service, environment=environment, model=model)
    # Not by add_metric: at the hundredth value it would print a line of its own.
    metrics = {metric.value: _values(metric, value) for metric, value in measured.items()}
    return {**emf.serialize_metric_set(metrics=metrics)}


def _values(metric: Metric, value: Value) -> dict[str, object]:
    unit = MetricUnit.Count if metric in COUNTS else MetricUnit.Milliseconds
    values = [value] if isinstance(value, int | float) else list(value)
    return {"Unit": unit.value, "Value": values[:MOST_VALUES]}

"""What answers about predictions have in common."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from chalicelib.api import limits, preferences, wiring
from chalicelib.api.http import Reply, Request
from chalicelib.api.schemas.predictions import prediction_url
from chalicelib.api.validators import Known
from chalicelib.domain.predictions import Prediction
from chalicelib.observability import Metric
from chalicelib.services.submission import Admission

ACCEPTED = ("Location", "Retry-After", "RateLimit-Policy", "RateLimit")
"""The headers of what was accepted."""


def accepted_reply(
    accepted: Prediction,
    body: BaseModel,
    admission: Admission,
    base_url: str,
    status: int,
    more: Mapping[str, str] | None = None,
) -> Reply:
    """Where to read an accepted prediction, when, and what is left; counted once."""
    location = {"Location": prediction_url(accepted.id, base_url)}
    return Reply(
        body,
        status,
        {**location, **patience(accepted), **limits.left_to(admission), **(more or {})},
        {Metric.REQUESTED: 1},
        {"model": accepted.model, "prediction_id": accepted.id},
    )


def awaited(
    request: Request[Any, Any], prediction: Prediction, known: Known | None
) -> tuple[Prediction, Mapping[str, str]]:
    """It, after the caller has waited as long as they prefer, and the header that says so."""
    seconds = preferences.wait(request.headers)
    if seconds is None:
        return prediction, {}
    waiting = wiring.services().waiting
    found = waiting.wait(
        prediction, seconds, lambda seen: known is not None and not known.has(seen)
    )
    return found, {"Preference-Applied": f"wait={waiting.granted(seconds)}"}


def patience(prediction: Prediction) -> Mapping[str, str]:
    """When to ask again, while there is something to ask for."""
    if prediction.status.is_terminal:
        return {}
    return {"Retry-After": str(wiring.services().patience.retry_after(prediction.model))}

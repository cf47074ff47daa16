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
from chalicelib.services.admitting import Admission
from chalicelib.services.submission import Accepted

COSTS = ("RateLimit-Policy", "RateLimit", "Idempotent-Replayed")
ACCEPTED = ("Location", "Retry-After", *COSTS, "Cache-Status")
"""The headers of what was accepted."""
KEYED = ("Idempotency-Key", "Cache-Control")
"""The headers that what is accepted once heeds."""
CACHE_STATUS = {
    "miss": "lambent; fwd=miss",
    "collapsed": "lambent; fwd=miss; collapsed",
    "bypass": "lambent; fwd=request",
}
"""RFC 9211, by what became of a prediction that the cache did not answer."""


def accepted_reply(
    accepted: Accepted,
    body: BaseModel,
    admission: Admission,
    base_url: str,
    status: int | None = None,
    more: Mapping[str, str] | None = None,
) -> Reply:
    """Where to read an accepted prediction, when, and what is left; counted once.

    202 until it has ended, unless told otherwise.
    """
    prediction = accepted.prediction
    location = {"Location": prediction_url(prediction.id, base_url)}
    caching = {} if accepted.is_replay else cache_status(accepted)
    return Reply(
        body,
        status or (200 if prediction.status.is_terminal else 202),
        {
            **location,
            **patience(prediction),
            **costs(admission, 1, is_replay=accepted.is_replay),
            **caching,
            **(more or {}),
        },
        {} if accepted.is_replay else {Metric.REQUESTED: 1},
        {"model": prediction.model, "prediction_id": prediction.id},
    )


def costs(admission: Admission, units: int, *, is_replay: bool) -> Mapping[str, str]:
    """What is left after so many units, or after a repetition, which costs nothing."""
    replayed = {"Idempotent-Replayed": "true"} if is_replay else {}
    return {**limits.left_to(admission, 0 if is_replay else units), **replayed}


def cache_status(accepted: Accepted) -> Mapping[str, str]:
    """What the cache had to do with it; nothing if its model has none."""
    if accepted.fresh_for is not None:
        return {"Cache-Status": f"lambent; hit; ttl={accepted.fresh_for}"}
    told = CACHE_STATUS.get(accepted.prediction.cache or "")
    return {"Cache-Status": told} if told else {}


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

"""Submitting and reading predictions."""

from typing import Any

from chalice.app import Blueprint
from pydantic import BaseModel

from chalicelib.api import admission, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.predictions import PredictionView, Submission, prediction_url
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import Gone, ModelDisabled, NoGrant, QuotaExceeded, ScopeMissing
from chalicelib.observability import Metric
from chalicelib.services.submission import Admission

routes = Blueprint(__name__)

RETRY_AFTER = "1"
"""Seconds: the least that the contract allows, until workers report how long models take."""


@endpoint(
    routes,
    "POST",
    "/v1/models/{model}/predictions",
    admit=admission.submitter,
    body=Submission,
    answers={202: PredictionView},
    headers=("Location", "Retry-After"),
    refuses=(ScopeMissing, NoGrant, QuotaExceeded, ModelDisabled),
    models=wiring.catalogue(),
    operation="submit_{model}",
)
def submit(request: Request[Admission, Submission], model: str) -> Reply:
    """Ask a model for a prediction; it is accepted now and made soon."""
    accepted = wiring.services().submission.submit(
        request.admitted, request.body.input, request.body.metadata
    )
    return accepted_reply(accepted, PredictionView.of(accepted, request.base_url), request, 202)


@endpoint(
    routes,
    "GET",
    "/v1/predictions/{prediction_id}",
    admit=admission.reader,
    answers={200: PredictionView},
    headers=("Retry-After",),
    refuses=(ScopeMissing, Gone),
)
def read(request: Request[Prediction, None], prediction_id: str) -> Reply:
    """A prediction; `done` tells whether it has ended."""
    prediction = request.admitted
    waiting = {} if prediction.status.is_terminal else {"Retry-After": RETRY_AFTER}
    facts = {"prediction_id": prediction.id}
    return Reply(PredictionView.of(prediction, request.base_url), headers=waiting, facts=facts)


def accepted_reply(
    accepted: Prediction, body: BaseModel, request: Request[Admission, Any], status: int
) -> Reply:
    """Where to read an accepted prediction, and when; counted once."""
    return Reply(
        body,
        status,
        {"Location": prediction_url(accepted.id, request.base_url), "Retry-After": RETRY_AFTER},
        {Metric.REQUESTED: 1},
        {"model": accepted.model, "prediction_id": accepted.id},
    )

"""Predictions: submitted, read and listed, canceled, retried and erased."""

from dataclasses import replace

from chalice.app import Blueprint

from chalicelib.api import admission, paging, validators, wiring
from chalicelib.api.answers import ACCEPTED, KEYED, accepted_reply, awaited, patience
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.predictions import (
    PredictionItem,
    PredictionList,
    PredictionQuery,
    PredictionView,
    Submission,
)
from chalicelib.domain.accounts.callers import Caller
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import (
    BadRequest,
    Conflict,
    Gone,
    Invalid,
    KeyReused,
    ModelDisabled,
    NoGrant,
    QuotaExceeded,
    ScopeMissing,
    TooLarge,
)
from chalicelib.services.admitting import Admission
from chalicelib.services.retrying import Retry
from chalicelib.services.submission import Order

routes = Blueprint(__name__)


@endpoint(
    routes,
    "POST",
    "/v1/models/{model}/predictions",
    admit=admission.submitter,
    body=Submission,
    is_drafted=True,
    answers={200: PredictionView, 202: PredictionView},
    headers=(*ACCEPTED, "Preference-Applied"),
    takes=("Prefer", *KEYED),
    refuses=(ScopeMissing, NoGrant, Gone, KeyReused, QuotaExceeded, ModelDisabled),
    models=wiring.catalogue(),
    operation="submit_{model}",
)
def submit(request: Request[Admission, Submission], model: str) -> Reply:
    """Ask a model for a prediction; it is accepted now and made soon."""
    body = request.body
    order = Order(body.input, body.metadata, body.expires_in)
    accepted = wiring.services().submission.submit(request.admitted, order)
    found, applied = awaited(request, accepted.prediction, None)
    view = PredictionView.of(found, request.base_url)
    ended = replace(accepted, prediction=found)
    return accepted_reply(ended, view, request.admitted, request.base_url, more=applied)


@endpoint(
    routes,
    "GET",
    "/v1/predictions/{prediction_id}",
    admit=admission.reader,
    answers={200: PredictionView, 304: None},
    headers=("ETag", "Retry-After", "Preference-Applied"),
    takes=("Prefer", "If-None-Match"),
    refuses=(ScopeMissing, Gone),
)
def read(request: Request[Prediction, None], prediction_id: str) -> Reply:
    """A prediction; `done` tells whether it has ended."""
    known = validators.known(request.headers)
    prediction, applied = awaited(request, request.admitted, known)
    wiring.services().reading.require_kept(prediction)
    headers = {"ETag": validators.etag(prediction), **patience(prediction), **applied}
    facts = {"prediction_id": prediction.id}
    if known and known.has(prediction):
        return Reply(status=304, headers=headers, facts=facts)
    return Reply(PredictionView.of(prediction, request.base_url), headers=headers, facts=facts)


@endpoint(
    routes,
    "GET",
    "/v1/predictions",
    admit=admission.lister,
    query=PredictionQuery,
    answers={200: PredictionList},
    headers=("Link",),
    refuses=(ScopeMissing,),
)
def list_predictions(request: Request[Caller, None]) -> Reply:
    """My predictions, the newest first; a superuser may ask for somebody's."""
    query, place = request.query, paging.place(request)
    page = wiring.services().reading.page(request.admitted, query.filters(), query.limit, place)
    cursor, headers = paging.following(request, page)
    data = [PredictionItem.of(each, request.base_url) for each in page.items]
    return Reply(PredictionList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "POST",
    "/v1/predictions/{prediction_id}/cancel",
    admit=admission.ender,
    answers={200: PredictionView},
    refuses=(ScopeMissing, Gone),
)
def cancel(request: Request[Prediction, None], prediction_id: str) -> Reply:
    """End a prediction now, unless it has ended; a result that comes later is dropped."""
    found = wiring.services().ending.cancel(request.admitted)
    facts = {"prediction_id": found.id}
    return Reply(PredictionView.of(found, request.base_url), facts=facts)


@endpoint(
    routes,
    "POST",
    "/v1/predictions/{prediction_id}/retry",
    admit=admission.retrier,
    is_drafted=True,
    answers={200: PredictionView, 202: PredictionView},
    headers=ACCEPTED,
    takes=KEYED,
    refuses=(
        *(ScopeMissing, NoGrant, Gone, BadRequest, Conflict, TooLarge, Invalid),
        *(KeyReused, QuotaExceeded, ModelDisabled),
    ),
)
def retry(request: Request[Retry, None], prediction_id: str) -> Reply:
    """Ask once more for what failed, was canceled or expired; it counts as a new prediction."""
    accepted = wiring.services().retrying.retry(request.admitted)
    view = PredictionView.of(accepted.prediction, request.base_url)
    return accepted_reply(accepted, view, request.admitted.admission, request.base_url)


@endpoint(
    routes,
    "DELETE",
    "/v1/predictions/{prediction_id}",
    admit=admission.ender,
    answers={204: None},
    refuses=(ScopeMissing, Gone),
)
def erase(request: Request[Prediction, None], prediction_id: str) -> Reply:
    """Forget a prediction's input, output and metadata; one that has not ended is canceled."""
    wiring.services().ending.erase(request.admitted)
    return Reply(status=204, facts={"prediction_id": prediction_id})

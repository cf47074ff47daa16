"""Batches: many predictions of one model in one request."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.api import admission, paging, problems, wiring
from chalicelib.api.answers import COSTS, costs
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.batches import AcceptedBatchView, BatchView, batch_url
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.api.schemas.predictions import BatchSubmission, PredictionItem
from chalicelib.domain.batches import Batch
from chalicelib.errors import (
    BatchUnfinished,
    Gone,
    KeyReused,
    ModelDisabled,
    NoGrant,
    QuotaExceeded,
    ScopeMissing,
)
from chalicelib.observability import Metric
from chalicelib.services.admitting import Admission
from chalicelib.services.batching import AcceptedBatch

routes = Blueprint(__name__)

LARGEST = 1024 * 1024
"""Bytes of a body with many inputs."""


@endpoint(
    routes,
    "POST",
    "/v1/models/{model}/predictions/batch",
    admit=admission.batcher,
    is_drafted=True,
    body=BatchSubmission,
    largest=LARGEST,
    answers={200: AcceptedBatchView, 202: AcceptedBatchView},
    headers=("Location", "Retry-After", *COSTS),
    takes=("Idempotency-Key",),
    refuses=(ScopeMissing, NoGrant, BatchUnfinished, KeyReused, QuotaExceeded, ModelDisabled),
    models=wiring.catalogue(),
    operation="submit_{model}_batch",
)
def submit_batch(request: Request[Admission, BatchSubmission], model: str) -> Reply:
    """Ask a model for up to 1,000 predictions; inputs that do not fit are named in their places."""
    accepted = wiring.services().batching.submit(request.admitted, request.body.inputs)
    batch = accepted.batch
    told = costs(request.admitted, batch.size, is_replay=accepted.is_replay)
    location = {"Location": batch_url(batch.id, request.base_url)}
    return Reply(
        {"batch_id": batch.id, "predictions": _members(request, accepted)},
        200 if accepted.is_done else 202,
        {**location, **_patience(batch, accepted.is_done), **told},
        {} if accepted.is_replay else {Metric.REQUESTED: batch.size},
        {"model": batch.model, "batch_id": batch.id, "size": batch.size},
    )


def _members(request: Request[Any, Any], accepted: AcceptedBatch) -> list[Any]:
    """Of each input its prediction, or the problem document of its refusal."""
    return [
        {"id": id}
        if id
        else {
            "error": problems.document(
                accepted.refusals[place], request.path, request.origin.request_id
            )
        }
        for place, id in enumerate(accepted.ids())
    ]


@endpoint(
    routes,
    "GET",
    "/v1/batches/{batch_id}",
    admit=admission.batch,
    query=PageQuery,
    answers={200: BatchView},
    headers=("Link", "Retry-After"),
    refuses=(ScopeMissing, Gone),
)
def read_batch(request: Request[Batch, None], batch_id: str) -> Reply:
    """How far a batch is, and its predictions in the order of the inputs."""
    batches, place = wiring.services().batches, paging.place(request)
    progress = batches.progress(request.admitted)
    page = batches.page(request.admitted, request.query.limit, place)
    cursor, link = paging.following(request, page)
    data = [PredictionItem.of(each, request.base_url) for each in page.items]
    headers = {**link, **_patience(progress.batch, progress.is_done)}
    facts = {"batch_id": batch_id}
    return Reply(BatchView.of(progress, data, cursor), headers=headers, facts=facts)


def _patience(batch: Batch, is_done: bool) -> dict[str, str]:
    """When to ask again, while there is something to ask for."""
    if is_done:
        return {}
    return {"Retry-After": str(wiring.services().patience.retry_after(batch.model))}

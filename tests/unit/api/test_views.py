"""How things look on the wire."""

from dataclasses import replace

import pytest

from chalicelib.api.schemas.models import GrantSummary
from chalicelib.api.schemas.predictions import PredictionView
from chalicelib.api.schemas.seed import task_status
from chalicelib.domain.predictions import Failure, Metrics, Prediction, Status
from tests.samples import NOW, PLACE, a_grant, a_prediction, a_user

QUEUED = a_prediction(a_grant(a_user()))
SUCCEEDED = replace(
    QUEUED,
    status=Status.SUCCEEDED,
    output={"temperature": 8.5},
    started_at=NOW + 31,
    completed_at=NOW + 35,
    metrics=Metrics(31, 4, 7),
)
FAILED = replace(QUEUED, status=Status.FAILED, error=Failure("invalid-input", "No such month"))


def test_a_succeeded_prediction_looks_as_the_contract_says() -> None:
    url = f"https://x/api/v1/predictions/{QUEUED.id}"
    assert PredictionView.of(SUCCEEDED, "https://x/api").model_dump() == {
        "id": QUEUED.id,
        "object": "prediction",
        "model": "temperature",
        "version": "1.0.0",
        "status": "succeeded",
        "done": True,
        "input": PLACE,
        "output": {"temperature": 8.5},
        "error": None,
        "attempt": 1,
        "cache": None,
        "charged": True,
        "batch_id": None,
        "requested_version": "1.0.0",
        "created_at": "2026-11-23T12:00:00.000Z",
        "started_at": "2026-11-23T12:00:00.031Z",
        "completed_at": "2026-11-23T12:00:00.035Z",
        "expires_at": None,
        "retained_until": "2026-12-23T12:00:00.000Z",
        "metrics": {"queue_ms": 31, "predict_ms": 4, "batch_size": 7},
        "urls": {"self": url, "cancel": f"{url}/cancel"},
        "metadata": {},
        "retry_of": None,
    }


def test_a_failed_prediction_tells_its_error() -> None:
    view = PredictionView.of(FAILED, "")
    assert view.error is not None
    assert view.error.model_dump() == {"code": "invalid-input", "detail": "No such month"}
    assert view.done


@pytest.mark.parametrize(
    ("prediction", "task"),
    [
        (QUEUED, {"state": "PENDING", "result": None}),
        (replace(QUEUED, status=Status.RUNNING), {"state": "STARTED", "result": None}),
        (SUCCEEDED, {"state": "SUCCESS", "result": {"temperature": 8.5}}),
        (FAILED, {"state": "FAILURE", "error": "No such month"}),
        (
            replace(QUEUED, status=Status.EXPIRED),
            {"state": "FAILURE", "error": "The deadline passed"},
        ),
        (replace(QUEUED, status=Status.CANCELED), {"state": "REVOKED", "result": None}),
    ],
)
def test_a_task_is_a_prediction_in_the_seeds_words(
    prediction: Prediction, task: dict[str, object]
) -> None:
    assert task_status(prediction).model_dump() == task


@pytest.mark.parametrize(("expires_at", "shown"), [(None, None), (NOW, "2026-11-23T12:00:00.000Z")])
def test_a_grant_shows_its_end(expires_at: int | None, shown: str | None) -> None:
    grant = a_grant(a_user(), expires_at=expires_at)
    assert GrantSummary.of(grant).expires_at == shown

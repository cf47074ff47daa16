"""Lists of predictions."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.ports.predictions import Search
from tests.contracts.stores import Stores, walk
from tests.samples import DAY, NOW, a_failure, a_grant, a_prediction, a_success, a_user

ADA, BOB = a_user(), a_user()
BATCH = uuid7(NOW)
LATER = NOW + 60_000
FACTS: list[tuple[Any, str, int, dict[str, Any]]] = [
    (ADA, "temperature", 0, {"metadata": {"order": 7}}),
    (ADA, "sentiment", 1, {}),
    (ADA, "temperature", 2, {"batch_id": BATCH}),
    (ADA, "temperature", 3, {"batch_id": BATCH, "retry_of": uuid7(NOW)}),
    (BOB, "temperature", 4, {"batch_id": BATCH}),
    (ADA, "temperature", 5, {"retained_until": LATER}),
    (ADA, "sentiment", 6, {"expires_at": NOW + DAY}),
    (ADA, "temperature", 7, {}),
]


def _fill(stores: Stores) -> list[Prediction]:
    """Those that are kept as a list shows them, the newest first; some ended, one was erased."""
    rows = [(a_grant(user, model), at, facts) for user, model, at, facts in FACTS]
    accepted = [a_prediction(grant, NOW + at, **facts) for grant, at, facts in rows]
    for prediction, (grant, *_) in zip(accepted, rows, strict=True):
        stores.predictions.accept(prediction, grant)
    stores.results.finish([a_success(accepted[0].id), a_failure(accepted[2].id)])
    stores.predictions.cancel(accepted[7], LATER)
    stores.predictions.erase(accepted[7], LATER)
    kept = [stores.stored(each) for each in accepted]
    shown = [replace(each, input=None, output=None) for each in kept if each]
    return sorted((each for each in shown if each.is_kept(LATER)), key=_id, reverse=True)


def _id(prediction: Prediction) -> str:
    return prediction.id


class PredictionPagesContract:
    @pytest.mark.parametrize("limit", [1, 2, 100])
    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"user_id": BOB.id},
            {"user_id": a_user().id},
            {"model": "temperature"},
            {"model": "nonsense"},
            {"status": Status.QUEUED},
            {"status": Status.FAILED},
            {"status": Status.CANCELED},
            {"batch_id": BATCH},
            {"batch_id": uuid7(NOW)},
            {"created_after": NOW + 1},
            {"created_after": NOW + DAY},
            {"created_after": -1},
            {"batch_id": BATCH, "model": "temperature", "status": Status.QUEUED},
            {"batch_id": BATCH, "created_after": NOW + 2},
            {"model": "sentiment", "status": Status.QUEUED, "created_after": NOW + 1},
        ],
    )
    def test_a_walk_over_the_pages_meets_what_fits_once_and_the_newest_first(
        self, stores: Stores, asked: dict[str, Any], limit: int
    ) -> None:
        kept = _fill(stores)
        search = Search(**{"user_id": ADA.id, "now": LATER, **asked})
        pages = walk(lambda after: stores.predictions.page(search, limit, after))
        fitting = [each for each in kept if _fits(each, search)]
        assert [each for page in pages for each in page] == fitting
        assert all(len(page) <= limit for page in pages)


def _fits(prediction: Prediction, search: Search) -> bool:
    names = ("user_id", "model", "status", "batch_id")
    asked = ((getattr(search, name), getattr(prediction, name)) for name in names)
    late = search.created_after is None or prediction.created_at > search.created_after
    return late and all(wanted in (None, found) for wanted, found in asked)

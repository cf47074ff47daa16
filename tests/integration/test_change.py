"""Releases side by side: what an earlier one wrote is worked on, what a later one wrote is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import delivery_of
from chalicelib.adapters.repairs import RepairTable
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.predictions import Job, Prediction
from tests.integration.cloud import Cloud
from tests.integration.sweeper import Sweeper, row, torn
from tests.integration.worker import Worker
from tests.samples import DAY, NOW, PLACE, a_grant, a_prediction, a_success, a_user

REQUIRED = (
    *("id", "user_id", "model", "version", "requested_version", "status", "input", "attempt"),
    *("charged", "created_at", "changed_at", "retained_until", "shard", "due", "ttl"),
)
"""What the first release wrote of a prediction that waits."""
FUTURE = {"priority": {"M": {"class": {"S": "gold"}}}}
"""What no release has written yet."""


def stored(cloud: Cloud, *, keep: tuple[str, ...] = (), **more: Any) -> Prediction:
    """Accepted by this release; then its row is made what another one would have written."""
    grant = a_grant(a_user())
    prediction = a_prediction(grant)
    PredictionTable(cloud.dynamodb, cloud.settings).accept(prediction, grant)
    item = dict(row(cloud, prediction.id))
    kept = {name: value for name, value in item.items() if not keep or name in keep}
    cloud.aside.put_item(TableName="predictions", Item={**kept, **more})
    return prediction


def message(prediction: Prediction, **more: Any) -> dict[str, Any]:
    """As the first release sent it, and what another one might add."""
    body = {
        "id": prediction.id,
        "user_id": prediction.user_id,
        "model": prediction.model,
        "version": prediction.requested_version,
        "created_at": prediction.created_at,
        "deadline": None,
        "input": PLACE,
        **more,
    }
    attributes = {"ApproximateReceiveCount": "1"}
    return {"messageId": "m", "body": json.dumps(body), "attributes": attributes}


def test_a_prediction_of_the_first_release_is_read(cloud: Cloud) -> None:
    prediction = stored(cloud, keep=REQUIRED)

    assert PredictionTable(cloud.dynamodb, cloud.settings).glimpse(prediction.id) == prediction


@pytest.mark.parametrize("more", [{}, {"attempts": 0, "priority": {"class": "gold"}}])
def test_a_job_of_an_earlier_or_a_later_release_is_worked(
    cloud: Cloud, worker: Worker, more: dict[str, Any]
) -> None:
    prediction = stored(cloud, keep=REQUIRED)

    assert worker.run({"Records": [message(prediction, **more)]}) == []
    assert row(cloud, prediction.id)["status"] == {"S": "succeeded"}


def test_a_job_without_what_came_later_is_as_if_it_had_never_been_sent_again() -> None:
    prediction = a_prediction(a_grant(a_user()))

    assert delivery_of(message(prediction)).job == Job.of(prediction)


def test_a_job_of_this_release_says_all_that_the_first_one_wants(cloud: Cloud) -> None:
    prediction = a_prediction(a_grant(a_user()))
    sent = json.loads(message(prediction)["body"])

    assert sent.items() <= vars(Job.of(prediction)).items()


def claim(cloud: Cloud, prediction: Prediction) -> object:
    return ResultTable(cloud.dynamodb, cloud.settings).claim(Job.of(prediction), 2, NOW)


def finish(cloud: Cloud, prediction: Prediction) -> object:
    return ResultTable(cloud.dynamodb, cloud.settings).finish([a_success(prediction.id)])


def expire(cloud: Cloud, prediction: Prediction) -> object:
    return ResultTable(cloud.dynamodb, cloud.settings).expire(Job.of(prediction), NOW)


def cancel(cloud: Cloud, prediction: Prediction) -> object:
    return PredictionTable(cloud.dynamodb, cloud.settings).cancel(prediction, NOW)


def send_again(cloud: Cloud, prediction: Prediction) -> object:
    repairs = RepairTable(cloud.dynamodb, cloud.settings)
    [due] = repairs.due(prediction.shard, NOW + DAY, 10)
    return repairs.take(due, NOW + DAY, NOW + 2 * DAY)


@pytest.mark.parametrize("act", [claim, finish, expire, cancel, send_again])
def test_what_a_later_release_added_to_a_row_survives(
    cloud: Cloud, act: Callable[[Cloud, Prediction], object]
) -> None:
    prediction = stored(cloud, **FUTURE)
    before = row(cloud, prediction.id)

    act(cloud, prediction)

    after = row(cloud, prediction.id)
    assert after != before
    assert after["priority"] == FUTURE["priority"]


def test_a_batch_of_before_the_sweeper_is_counted_and_left_alone(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    batch = torn(cloud)
    item = {
        name: value
        for name, value in row(cloud, f"batch#{batch.id}").items()
        if name not in ("shard", "due")
    }
    cloud.aside.put_item(TableName="predictions", Item=item)

    sweeper.sweep()

    assert row(cloud, f"batch#{batch.id}") == item
    assert sum(PredictionTable(cloud.dynamodb, cloud.settings).counts(batch.id).values()) == 3

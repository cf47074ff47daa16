"""The worker's handler on sample events: what it writes and what it gives back."""

import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.ids import uuid7
from tests.integration.cloud import Cloud
from tests.integration.worker import Worker
from tests.samples import NOW, TEMPERATURE, a_grant, a_job, a_prediction, a_user, event


def accept_all(cloud: Cloud, sample: dict[str, Any]) -> None:
    """Store the prediction of every readable message of an event."""
    table = PredictionTable(cloud.dynamodb, cloud.settings)
    for record in sample["Records"]:
        if job := delivery_of(record).job:
            grant = a_grant(a_user(id=job.user_id), job.model)
            table.accept(a_prediction(grant, id=job.id, input=job.input), grant)


def row(cloud: Cloud, sample: dict[str, Any], number: int = 0) -> Mapping[str, Any]:
    id = json.loads(sample["Records"][number]["body"])["id"]
    item = cloud.item("predictions", id={"S": id})
    assert item is not None
    return item


def test_two_predictions_of_two_models_are_both_written(cloud: Cloud, worker: Worker) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    assert worker.run(sample) == []
    temperature, sentiment = (
        json.loads(row(cloud, sample, number)["output"]["S"]) for number in (0, 1)
    )
    assert temperature["temperature"] == pytest.approx(TEMPERATURE, abs=1e-9)
    assert sentiment["compound"] > 0.5


def test_of_two_with_an_unreadable_one_only_that_one_comes_again(
    cloud: Cloud, worker: Worker
) -> None:
    sample = event("sqs_two_predictions_one_bad")
    accept_all(cloud, sample)
    assert worker.run(sample) == ["4f0a1c5e-0000-4000-8000-000000000002"]
    assert row(cloud, sample)["status"] == {"S": "succeeded"}


def test_a_redelivered_message_runs_claimed(cloud: Cloud, worker: Worker) -> None:
    sample = event("sqs_redelivered")
    accept_all(cloud, sample)
    cloud.wire.forget()
    assert worker.run(sample) == []
    assert cloud.wire.calls == ["UpdateItem", "BatchExecuteStatement", "UpdateItem"]
    assert row(cloud, sample)["attempt"] == {"N": "3"}


def suspected(cloud: Cloud, worker: Worker) -> dict[str, Any]:
    """An event of three that come for the second time, of which the first was claimed before."""
    jobs = [a_job(id=uuid7(NOW)) for _ in range(3)]
    results = ResultTable(cloud.dynamodb, cloud.settings)
    queue = SqsQueue(cloud.sqs, cloud.settings.queues)
    for job in jobs:
        queue.send(job, "light")
    accept_all(cloud, worker.receive())
    results.claim(jobs[0], 2, NOW)
    return worker.receive()


def test_what_is_done_is_deleted_before_a_suspect_runs(cloud: Cloud, worker: Worker) -> None:
    sample = suspected(cloud, worker)
    assert worker.run(sample) == []
    [left] = cloud.received()
    assert left["messageId"] == sample["Records"][0]["messageId"]


def test_a_queue_that_does_not_delete_is_no_reason_to_stop(cloud: Cloud, worker: Worker) -> None:
    sample = suspected(cloud, worker)
    cloud.wire.refuse("DeleteMessageBatch", "AccessDeniedException")
    assert worker.run(sample) == []
    assert {row(cloud, sample, n)["status"]["S"] for n in range(3)} == {"succeeded"}


def test_the_same_event_twice_changes_nothing(cloud: Cloud, worker: Worker) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    worker.run(sample)
    first = row(cloud, sample)
    assert worker.run(sample) == []
    assert row(cloud, sample) == first


def test_a_table_that_is_down_gives_all_back_and_raises_nothing(
    cloud: Cloud, worker: Worker
) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    for _ in range(6):
        cloud.wire.refuse("BatchExecuteStatement", "ValidationException")
    assert worker.run(sample) == [record["messageId"] for record in sample["Records"]]


def test_without_time_left_everything_comes_again(cloud: Cloud, worker: Worker) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    assert len(worker.run(sample, remaining_ms=100)) == 2
    assert row(cloud, sample)["status"] == {"S": "queued"}


def test_a_finished_group_is_one_line_with_its_metrics(
    cloud: Cloud, worker: Worker, log: StringIO
) -> None:
    sample = event("sqs_redelivered")
    accept_all(cloud, sample)
    worker.run(sample)
    [line] = [json.loads(each) for each in log.getvalue().splitlines()]
    assert (line["message"], line["model"]) == ("predictions finished", "temperature")
    assert (line["Succeeded"], line["Failed"]) == ([1], [0])
    assert line["function_request_id"] == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

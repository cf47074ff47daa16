"""The worker's handler with identical inputs in flight, and what it tells of its models."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.entry_rows import entry_id, entry_in, item_of
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue, delivery_of
from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.figures import Figure
from chalicelib.domain.predictions import Job, Json, Prediction
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud
from tests.integration.worker import Worker
from tests.samples import NOW, PLACE, TEMPERATURE, a_grant, a_job, a_prediction, a_success, a_user

KEY = "5f2a"


def accepted(cloud: Cloud, input: Json = None) -> Prediction:
    grant = a_grant(a_user())
    prediction = a_prediction(grant, input=input or PLACE)
    PredictionTable(cloud.dynamodb, cloud.settings).accept(prediction, grant)
    return prediction


def crowd(cloud: Cloud, count: int, input: Json = None) -> tuple[Job, list[Prediction]]:
    """One who leads an entry and is queued, and so many who wait for them."""
    leader, others = accepted(cloud, input), [accepted(cloud, input) for _ in range(count)]
    waiters = tuple(Waiter(each.id, each.user_id, each.created_at) for each in others)
    entry = Entry(leader.id, waiters, lifetime=3600, until=NOW // 1000 + 60)
    table = cloud.settings.predictions_table
    cloud.aside.put_item(TableName=table, Item=item_of(KEY, entry))
    job = replace(Job.of(leader), cache_key=KEY)
    SqsQueue(cloud.sqs, cloud.settings.queues).send(job, "light")
    cloud.wire.forget()
    return job, others


def row(cloud: Cloud, id: str) -> Mapping[str, Any]:
    item = cloud.item("predictions", id={"S": id})
    assert item is not None
    return item


def test_fifty_who_ask_the_same_get_fifty_results(cloud: Cloud, worker: Worker) -> None:
    job, others = crowd(cloud, 49)
    assert worker.work() == []
    rows = [row(cloud, id) for id in (job.id, *(each.id for each in others))]
    assert {each["status"]["S"] for each in rows} == {"succeeded"}
    outputs = [json.loads(each["output"]["S"])["temperature"] for each in rows]
    assert outputs == [pytest.approx(TEMPERATURE, abs=1e-9)] * 50


def test_what_fifty_cost(cloud: Cloud, worker: Worker) -> None:
    """One write of the first, one of the entry, two of the others, and one a user's usage."""
    crowd(cloud, 49)
    event = worker.receive()
    cloud.wire.forget()
    worker.run(event)
    assert cloud.wire.count() == {"BatchExecuteStatement": 3, "UpdateItem": 1 + 50}


def test_a_cacheable_prediction_that_is_alone_is_one_write_more(
    cloud: Cloud, worker: Worker
) -> None:
    crowd(cloud, 0)
    event = worker.receive()
    cloud.wire.forget()
    worker.run(event)
    assert cloud.wire.calls == ["BatchExecuteStatement", "UpdateItem", "UpdateItem"]
    assert cloud.wire.bodies[1]["Key"] == {"id": {"S": entry_id(KEY)}}


def test_who_waits_for_a_failure_has_a_message_of_their_own(cloud: Cloud, worker: Worker) -> None:
    job, others = crowd(cloud, 2, {"latitude": 1000})
    assert worker.work() == []
    assert row(cloud, job.id)["status"] == {"S": "failed"}
    jobs = [json.loads(each["body"]) for each in cloud.received()]
    sent = {each["id"]: each["cache_key"] for each in jobs if each["id"] != job.id}
    assert sent == {each.id: None for each in others}


def test_a_queue_that_does_not_answer_sends_the_first_back(cloud: Cloud, worker: Worker) -> None:
    crowd(cloud, 1, {"latitude": 1000})
    event = worker.receive()
    for _ in range(3):
        cloud.wire.refuse("SendMessage", "InternalError")
    assert worker.run(event) == [event["Records"][0]["messageId"]]


@pytest.fixture
def entries(cloud: Cloud) -> CacheEntryTable:
    return CacheEntryTable(cloud.dynamodb, cloud.settings)


def test_an_end_of_joining_is_one_call(cloud: Cloud, entries: CacheEntryTable) -> None:
    job, _ = crowd(cloud, 2)
    for act in (lambda: entries.release(job), lambda: entries.settle(job, a_success(job.id))):
        cloud.wire.forget()
        act()
        assert cloud.wire.calls == ["UpdateItem"]


def test_a_job_that_leads_nobody_is_no_call(cloud: Cloud, entries: CacheEntryTable) -> None:
    job = a_job()
    entries.settle(job, a_success(job.id))
    entries.release(job)
    assert cloud.wire.calls == []


def test_a_table_that_does_not_answer_is_unavailable(
    cloud: Cloud, entries: CacheEntryTable
) -> None:
    job, _ = crowd(cloud, 1)
    for act in (lambda: entries.release(job), lambda: entries.settle(job, a_success(job.id))):
        cloud.wire.refuse("UpdateItem", "ValidationException")
        with pytest.raises(Unavailable):
            act()


def test_states_of_an_entry_have_names_that_a_condition_can_ask_for(
    cloud: Cloud, entries: CacheEntryTable
) -> None:
    job, _ = crowd(cloud, 1)
    seen = [row(cloud, entry_id(KEY))["state"]]
    entries.release(job)
    seen.append(row(cloud, entry_id(KEY))["state"])
    entries.settle(job, a_success(job.id))
    seen.append(row(cloud, entry_id(KEY))["state"])
    assert seen == [{"S": "pending"}, {"S": "released"}, {"S": "done"}]


def test_an_entry_is_of_no_index(cloud: Cloud) -> None:
    crowd(cloud, 1)
    keys = row(cloud, entry_id(KEY)).keys()
    assert keys.isdisjoint({"user_id", "batch_id", "shard", "due", "created_at"})


@pytest.mark.parametrize("output", [None, '{"temperature":8.5}'])
def test_a_row_is_read_as_it_was_written(output: str | None) -> None:
    waiters = (Waiter("1", "ada", NOW, NOW + 1), Waiter("2", "bob", NOW))
    entry = Entry("0", waiters, 3600, NOW // 1000, output, output and "1.0.0")
    assert entry_in(item_of(KEY, entry)) == entry


def test_a_worker_tells_of_its_models_once_in_ten_seconds(cloud: Cloud, worker: Worker) -> None:
    # Imported here, as in the fixture; another one, which has told of nothing yet.
    from functions.worker.handler import compose

    execution, _ = compose()
    for _ in range(3):
        crowd(cloud, 0)
    for delivery in [delivery_of(each) for each in cloud.received()]:
        execution.run([delivery], lambda: 30_000)
    assert cloud.wire.of_figures == ["UpdateItem"]
    assert FigureTable(cloud.dynamodb, cloud.settings).of("temperature")


def test_a_figure_is_one_write_and_one_eventually_consistent_read(cloud: Cloud) -> None:
    figures = FigureTable(cloud.dynamodb, cloud.settings)
    figures.note("temperature", Figure(1, 2, NOW))
    assert figures.of("temperature") == Figure(1, 2, NOW)
    assert (cloud.wire.of_figures, cloud.wire.calls) == (["UpdateItem", "GetItem"], [])


@pytest.mark.parametrize("operation", ["GetItem", "UpdateItem"])
def test_figures_that_cannot_be_had_are_unavailable(cloud: Cloud, operation: str) -> None:
    figures = FigureTable(cloud.dynamodb, cloud.settings)
    cloud.wire.refuse(f"{operation} of figures", "ValidationException")
    act = {
        "GetItem": lambda: figures.of("temperature"),
        "UpdateItem": lambda: figures.note("temperature", Figure(1, 2, NOW)),
    }[operation]
    with pytest.raises(Unavailable):
        act()

"""From a record of SQS to a delivery."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from chalicelib.adapters.queue import delivery_of
from chalicelib.services.execution import Delivery
from tests.samples import PLACE, a_job, event


def record(body: str, receives: int = 1) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {"messageId": "m", "body": body, "attributes": attributes}


def test_a_record_has_its_message_its_attempt_and_its_job() -> None:
    first, second = [delivery_of(each) for each in event("sqs_two_predictions")["Records"]]
    assert (first.message_id, first.attempt) == ("4f0a1c5e-0000-4000-8000-000000000001", 1)
    assert first.job is not None
    assert (first.job.model, first.job.input) == ("temperature", PLACE)
    assert second.job is not None
    assert second.job.model == "sentiment"


def test_a_redelivered_record_tells_how_often_it_came() -> None:
    assert delivery_of(event("sqs_redelivered")["Records"][0]).attempt == 3


def test_a_deadline_is_read() -> None:
    job = delivery_of(event("sqs_past_deadline")["Records"][0]).job
    assert job is not None
    assert job.deadline == 1_795_446_001_000


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"id": ',
        "null",
        "[]",
        "{}",
        "\ud800",
        json.dumps({**asdict(a_job()), "created_at": "now"}),
        json.dumps({**asdict(a_job()), "created_at": "1795446000001"}),
        json.dumps({**asdict(a_job()), "input": float("nan")}).replace("NaN", "nan"),
        json.dumps({name: value for name, value in asdict(a_job()).items() if name != "model"}),
    ],
)
def test_a_body_that_is_no_job_is_delivered_without_one(body: str) -> None:
    assert delivery_of(record(body)) == Delivery("m", 1, None)


def test_a_job_of_a_newer_sender_may_say_more() -> None:
    job = a_job()
    assert delivery_of(record(json.dumps({**asdict(job), "priority": 1}))).job == job

"""What the worker makes of messages that come twice, or with something wrong in them."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import httpx
import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.tables import binding
from chalicelib.domain.access import Grant
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.settings import Settings
from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, REFERENCE, finished
from tests.emulators import aws, eventually

Send = Callable[[Sequence[Job]], None]


@pytest.fixture(scope="module")
def settings(lambent: Lambent) -> Settings:
    """Those of the deployed API."""
    return lambent.deployed


@pytest.fixture
def jobs(lambent: Lambent, settings: Settings, demo: httpx.Client) -> list[Job]:
    """Ten accepted predictions of the demo user whose messages were never sent."""
    client = aws(lambent.workspace, "dynamodb")
    binding.bind(settings, client)
    table = PredictionTable(client, settings)
    user = demo.get("/v1/users/me").json()["id"]
    now = time.time_ns() // 1_000_000
    accepted = [queued(user, now) for _ in range(10)]
    for prediction in accepted:
        table.accept(prediction, Grant(user, "temperature", 1, now))
    return [Job.of(prediction) for prediction in accepted]


@pytest.fixture
def send(lambent: Lambent, settings: Settings) -> Send:
    """Puts jobs into the queue in one call, so that one worker gets them together."""
    queue = aws(lambent.workspace, "sqs")

    def together(jobs: Sequence[Job]) -> None:
        entries = [
            {"Id": str(n), "MessageBody": json.dumps(asdict(job))} for n, job in enumerate(jobs)
        ]
        queue.send_message_batch(QueueUrl=settings.queues["light"]["interactive"], Entries=entries)

    return together


def test_the_same_message_twice_is_one_result_unchanged(
    lambent: Lambent, settings: Settings, demo: httpx.Client, jobs: list[Job], send: Send
) -> None:
    send(jobs[:1])
    first = finished(demo, jobs[0].id)
    send([replace(jobs[0], input={**PLACE, "month": 1})])

    assert eventually(lambda: waiting(lambent, settings) == (0, 0))
    assert finished(demo, jobs[0].id) == first


def test_one_poisoned_input_among_ten_fails_alone(
    demo: httpx.Client, jobs: list[Job], send: Send
) -> None:
    poisoned = replace(jobs[4], input={**PLACE, "month": "November"})

    send([*jobs[:4], poisoned, *jobs[5:]])
    ends = [finished(demo, job.id) for job in jobs]

    assert [end["status"] for end in ends] == ["succeeded"] * 4 + ["failed"] + ["succeeded"] * 5
    assert ends[4]["error"]["code"] == "invalid-input"
    assert {end["output"]["temperature"] for end in ends if end["output"]} == {REFERENCE}


def test_a_message_that_is_no_job_stays_until_the_dead_letters(
    lambent: Lambent, settings: Settings
) -> None:
    queue = aws(lambent.workspace, "sqs")
    queue.send_message(QueueUrl=settings.queues["light"]["interactive"], MessageBody="no job")

    assert eventually(lambda: waiting(lambent, settings) == (0, 1))
    queue.purge_queue(QueueUrl=settings.queues["light"]["interactive"])


def queued(user: str, now: int) -> Prediction:
    """A prediction of PLACE, as it is when it has been accepted."""
    return Prediction(
        id=uuid7(now),
        user_id=user,
        model="temperature",
        version="1.0.0",
        requested_version="1.0.0",
        input=dict(PLACE),
        created_at=now,
        changed_at=now,
        retained_until=now + 10**9,
    )


def waiting(lambent: Lambent, settings: Settings) -> tuple[int, int]:
    """Messages that are visible, and that a worker holds or gave back."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = aws(lambent.workspace, "sqs").get_queue_attributes(
        QueueUrl=settings.queues["light"]["interactive"], AttributeNames=names
    )["Attributes"]
    return int(found[names[0]]), int(found[names[1]])

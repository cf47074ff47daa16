"""What was accepted and never queued ends all the same, and nobody has to ask."""

import json
import time
from collections.abc import Callable

import httpx
import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.tables import binding
from chalicelib.domain.access import Grant
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.ids import uuid7
from tests.e2e.conftest import Lambent
from tests.e2e.desk import Desk, desk_of_somebody
from tests.e2e.predictions import REFERENCE, finished
from tests.emulators import aws, eventually
from tests.samples import DAY, a_prediction, event

LONG_AGO = 30
"""Minutes: longer than anybody waits for a message."""
PATIENCE = 90
"""Seconds in which the rule comes round."""


@pytest.fixture
def desk(lambent: Lambent) -> Desk:
    return desk_of_somebody(lambent, "waiting")


@pytest.fixture
def client(desk: Desk) -> httpx.Client:
    """Of the desk's owner."""
    desk.owner.http.headers.update(desk.owner.bearer)
    return desk.owner.http


@pytest.fixture
def sweep(lambent: Lambent) -> Callable[[], None]:
    """Does what the rule does, at once."""

    def call() -> None:
        name = f"{lambent.workspace.stack}-sweeper"
        payload = json.dumps(event("schedule_minute"))
        said = aws(lambent.workspace, "lambda").invoke(FunctionName=name, Payload=payload)
        assert "FunctionError" not in said, said["Payload"].read()

    return call


def used(client: httpx.Client) -> int:
    return int(client.get("/v1/models/temperature").json()["quota"]["daily"]["used"])


def test_what_was_never_queued_succeeds_by_the_rule_alone(desk: Desk, client: httpx.Client) -> None:
    prediction = desk.accept(minutes_ago=LONG_AGO)

    def has_ended() -> bool:
        return bool(client.get(f"/v1/predictions/{prediction.id}").json()["status"] == "succeeded")

    assert eventually(has_ended, seconds=PATIENCE, between=0.5)


def test_it_is_run_once_alone_and_tells_that_it_was_sent_again(
    desk: Desk, client: httpx.Client, sweep: Callable[[], None]
) -> None:
    prediction = desk.accept(minutes_ago=LONG_AGO)
    sweep()
    ended = finished(client, prediction.id)
    sweep()

    assert (ended["status"], ended["output"]["temperature"]) == ("succeeded", REFERENCE)
    assert (ended["attempt"], ended["metrics"]["batch_size"]) == (2, 1)
    assert client.get(f"/v1/predictions/{prediction.id}").json() == ended


def test_what_is_not_due_yet_is_left_to_its_message(
    desk: Desk, client: httpx.Client, sweep: Callable[[], None]
) -> None:
    fresh, old = desk.accept(), desk.accept(minutes_ago=LONG_AGO)
    sweep()
    finished(client, old.id)

    assert client.get(f"/v1/predictions/{fresh.id}").json()["status"] == "queued"


def test_what_is_past_its_deadline_expires_and_costs_nothing(
    desk: Desk, client: httpx.Client, sweep: Callable[[], None]
) -> None:
    before = used(client)
    prediction = desk.accept(minutes_ago=LONG_AGO, expires_at=time.time_ns() // 1_000_000 - 1000)
    sweep()
    ended = client.get(f"/v1/predictions/{prediction.id}").json()

    assert (ended["status"], ended["charged"], ended["output"]) == ("expired", False, None)
    assert used(client) == before


def test_of_a_batch_that_was_stored_in_part_that_part_runs_and_the_rest_is_given_back(
    lambent: Lambent, desk: Desk, client: httpx.Client, sweep: Callable[[], None]
) -> None:
    batch = torn(lambent, desk, size=5, stored=2)
    sweep()
    ends = [finished(client, member_id(batch.id, at))["status"] for at in range(2)]
    counts = client.get(f"/v1/batches/{batch.id}").json()["counts"]

    assert ends == ["succeeded"] * 2
    assert (counts["succeeded"], counts["failed"]) == (2, 3)
    assert months_total(lambent, batch) == 2


def torn(lambent: Lambent, desk: Desk, size: int, stored: int) -> Batch:
    """As the API leaves it that dies while it stores."""
    dynamodb, settings = aws(lambent.workspace, "dynamodb"), lambent.deployed
    binding.bind(settings, dynamodb)
    at = time.time_ns() // 1_000_000 - LONG_AGO * 60_000
    grant = Grant(desk.owner.id, "temperature", 1, at)
    batch = Batch(uuid7(at), desk.owner.id, "temperature", size, at, at + DAY)
    table = PredictionTable(dynamodb, settings)
    table.accept_batch(batch, grant)
    members = [member_id(batch.id, place) for place in range(stored)]
    assert not table.store([a_prediction(grant, at, id=id, batch_id=batch.id) for id in members])
    return batch


def months_total(lambent: Lambent, batch: Batch) -> int:
    """What is counted of its user, whatever the month was."""
    found = aws(lambent.workspace, "dynamodb").query(
        TableName=lambent.deployed.usage_table,
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": batch.user_id}},
    )
    return sum(int(item["total"]["N"]) for item in found["Items"])

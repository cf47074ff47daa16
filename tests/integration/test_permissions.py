"""What a function asks of its tables is what the template lets it ask."""

import json
from typing import Any

import pytest

from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.users import User
from chalicelib.domain.predictions import Job
from tests.integration.client import Client
from tests.integration.cloud import Cloud
from tests.integration.permissions import FIGURES, Ask, asked, granted
from tests.integration.sweeper import Sweeper, all_kinds, late, lost
from tests.integration.undertaker import Undertaker, given_up
from tests.integration.worker import Worker
from tests.samples import NOW, PLACE, a_letter, a_user

SUBMIT = "/v1/models/temperature/predictions"


@pytest.fixture
def used(cloud: Cloud, client: Client) -> set[Ask]:
    """By somebody who submits, reads, lists, cancels, retries and erases, one and many."""
    headers = {"Idempotency-Key": "k", "Prefer": "wait=1"}
    one = client.post(SUBMIT, {"input": PLACE}, headers).json["id"]
    many = client.post(f"{SUBMIT}/batch", {"inputs": [PLACE]}, headers).json["batch_id"]
    for path in (f"/v1/predictions/{one}", "/v1/predictions", f"/v1/batches/{many}", "/v1/models"):
        assert client.get(path).status == 200
    for act in ("cancel", "retry"):
        assert client.post(f"/v1/predictions/{one}/{act}", {}).status in (200, 202)
    assert client.delete(f"/v1/predictions/{one}").status == 204
    return asked(cloud)


def test_the_role_of_the_api_allows_what_it_does(used: set[Ask]) -> None:
    assert used - granted("ApiRole") == set()


def test_what_it_does_is_seen(used: set[Ask]) -> None:
    assert used >= {
        ("dynamodb:BatchWriteItem", "PredictionsTable"),
        ("dynamodb:GetItem", "PredictionsTable"),
        ("dynamodb:Query", "PredictionsTable/index/by_batch"),
        ("dynamodb:Query", "PredictionsTable/index/by_owner"),
        ("dynamodb:UpdateItem", "UsageTable"),
    }


def test_the_role_of_the_undertaker_allows_what_it_does_and_nothing_else(
    cloud: Cloud, undertaker: Undertaker
) -> None:
    jobs = [Job.of(late(cloud)), Job.of(lost(cloud, charged=False))]
    cloud.wire.forget()
    undertaker.bury(*map(given_up, jobs), given_up("no job"))
    assert asked(cloud) == granted("UndertakerRole")


def test_the_role_of_the_sweeper_allows_what_it_does_and_nothing_else(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    all_kinds(cloud)
    cloud.wire.forget()
    sweeper.sweep()
    assert asked(cloud) == granted("SweeperRole")


def test_the_role_of_a_worker_allows_what_it_does_and_nothing_else(
    cloud: Cloud, worker: Worker
) -> None:
    jobs = [Job.of(each) for each in (lost(cloud), lost(cloud), late(cloud))]
    cloud.wire.forget()
    worker.run({"Records": [given(job, received=1) for job in jobs]})
    worker.run({"Records": [given(job, received=2) for job in jobs]})
    assert asked(cloud) | {FIGURES} == granted("<Profile>WorkerRole")


def test_the_role_of_the_mailer_allows_what_it_does_and_nothing_else(
    cloud: Cloud, mailer: Worker, services: Services
) -> None:
    ada = a_user()
    services.users.add(ada)
    cloud.wire.forget()
    assert mailer.run({"Records": [given_up(a_letter_to(ada))]}) == []
    assert asked(cloud) == granted("MailerRole")


def test_the_role_of_the_eraser_allows_what_it_does_and_nothing_else(
    cloud: Cloud, eraser: Worker
) -> None:
    lost_one = lost(cloud)
    cloud.wire.forget()
    for asked_at in (wiring.now(), NOW):  # one that has to be looked at again, and an old one
        erasure = {"user_id": lost_one.user_id, "asked_at": asked_at}
        eraser.run({"Records": [given_up(json.dumps(erasure))]})
    assert asked(cloud) == granted("EraserRole")


def a_letter_to(user: User) -> str:
    letter = a_letter(Kind.RESET, user.email)
    return json.dumps({**vars(letter), "facts": dict(letter.facts)})


def given(job: Job, received: int) -> dict[str, Any]:
    record = given_up(job)
    return {**record, "attributes": {"ApproximateReceiveCount": str(received)}}

"""What becomes of predictions after they were accepted, on a whole Lambent."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from chalicelib.domain.predictions import Prediction
from tests.e2e.conftest import Lambent
from tests.e2e.desk import Desk, desk_of_somebody
from tests.e2e.predictions import PLACE, REFERENCE, finished, predicted, submit, used
from tests.emulators import eventually

SUBMIT = "/v1/models/temperature/predictions"


@pytest.fixture
def desk(lambent: Lambent) -> Desk:
    """For somebody new, who may use the temperature model a thousand times a day."""
    return desk_of_somebody(lambent)


@pytest.fixture
def client(desk: Desk) -> httpx.Client:
    """Bears the token of that somebody."""
    http = desk.owner.http
    http.headers.update(desk.owner.bearer)
    return http


def path_of(prediction: Prediction | Mapping[str, Any], act: str = "") -> str:
    id = prediction.id if isinstance(prediction, Prediction) else prediction["id"]
    return f"/v1/predictions/{id}{act}"


def test_what_is_canceled_before_it_runs_never_does(desk: Desk, client: httpx.Client) -> None:
    waiting = desk.accept()
    canceled = client.post(path_of(waiting, "/cancel"))
    desk.send(waiting)
    assert eventually(desk.is_idle)

    assert canceled.status_code == 200
    assert (canceled.json()["status"], canceled.json()["charged"]) == ("canceled", False)
    assert client.get(path_of(waiting)).json() == canceled.json()
    assert client.post(path_of(waiting, "/cancel")).json() == canceled.json()
    assert used(client) == 0


def test_what_is_canceled_while_it_runs_has_cost_a_unit_and_stays_canceled(
    desk: Desk, client: httpx.Client
) -> None:
    running = desk.accept()
    desk.begin(running)
    before = client.get(path_of(running)).json()
    canceled = client.post(path_of(running, "/cancel")).json()
    desk.send(running)
    assert eventually(desk.is_idle)

    assert (before["status"], before["attempt"]) == ("running", 2)
    assert (canceled["status"], canceled["charged"]) == ("canceled", True)
    assert client.get(path_of(running)).json() == canceled
    assert used(client) == 1


def test_whoever_is_first_ends_it_and_a_unit_goes_back_at_most_once(client: httpx.Client) -> None:
    accepted = [submit(client, "temperature", PLACE).json() for _ in range(8)]
    ended = [client.post(path_of(each, "/cancel")).json() for each in accepted]

    assert {each["status"] for each in ended} <= {"canceled", "succeeded"}
    assert used(client) == sum(each["charged"] for each in ended)


def test_a_cancellation_after_the_result_changes_nothing(client: httpx.Client) -> None:
    done = predicted(client, "temperature", PLACE)

    answer = client.post(path_of(done, "/cancel"))

    assert (answer.status_code, answer.json()) == (200, done)
    assert client.post(path_of(done, "/retry")).status_code == 409


def test_mine_are_listed_page_by_page(client: httpx.Client) -> None:
    ids = [predicted(client, "temperature", PLACE)["id"] for _ in range(3)]

    first = client.get("/v1/predictions", params={"limit": 2, "status": "succeeded"})
    last = client.get(first.links["next"]["url"])

    listed = [each for page in (first, last) for each in page.json()["data"]]
    assert [each["id"] for each in listed] == ids[::-1]
    assert last.json()["next_cursor"] is None
    assert not {"input", "output"} & listed[0].keys()


def test_what_is_late_expires_costs_nothing_and_is_retried(
    desk: Desk, client: httpx.Client
) -> None:
    late = desk.accept(expires_at=1)
    desk.send(late)
    expired = finished(client, late.id)
    assert (expired["status"], expired["charged"]) == ("expired", False)
    assert (expired["output"], expired["started_at"], used(client)) == (None, None, 0)

    again = client.post(path_of(late, "/retry"))

    assert again.status_code == 202, again.text
    assert again.json()["retry_of"] == late.id
    assert finished(client, again.json()["id"])["output"] == {"temperature": REFERENCE}
    assert used(client) == 1


def test_an_erased_one_is_gone(client: httpx.Client) -> None:
    done = predicted(client, "temperature", PLACE)

    assert client.delete(path_of(done)).status_code == 204

    for answer in (client.get(path_of(done)), client.delete(path_of(done))):
        assert (answer.status_code, answer.json()["code"]) == (410, "gone")
    assert client.get("/v1/predictions").json()["data"] == []
    assert used(client) == 1


def test_what_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    done = predicted(client, "temperature", PLACE)
    tag = client.get(path_of(done)).headers["etag"]

    same = client.get(path_of(done), headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)


def test_who_waits_has_the_result_in_one_request(client: httpx.Client) -> None:
    answer = client.post(SUBMIT, json={"input": PLACE}, headers={"Prefer": "wait=10"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["output"] == {"temperature": REFERENCE}
    assert answer.headers["preference-applied"] == "wait=10"


def test_what_is_left_is_told_with_each_submit(client: httpx.Client) -> None:
    told = [submit(client, "temperature", PLACE).headers["ratelimit"] for _ in range(2)]

    assert told == ['"daily";r=999', '"daily";r=998']


def test_the_command_line_does_the_same(lambent: Lambent, desk: Desk, client: httpx.Client) -> None:
    waiting = desk.accept()
    token = ("--token", desk.owner.tokens["access_token"])
    canceled = lambent.run("predictions", "cancel", waiting.id, *token)
    shown = lambent.run("predictions", "show", waiting.id, "--json", *token)
    retried = lambent.run("predictions", "retry", waiting.id, *token)
    listed = lambent.run("predictions", "ls", "--model", "temperature", "--json", *token)

    assert canceled.stdout == f"{waiting.id} canceled\n", canceled.stderr
    assert json.loads(shown.stdout) == client.get(path_of(waiting)).json()
    again = retried.stdout.split()[0]
    assert [each["id"] for each in json.loads(listed.stdout)] == [again, waiting.id]


def test_without_a_token_the_command_line_is_the_demo_user(
    lambent: Lambent, demo: httpx.Client
) -> None:
    done = predicted(demo, "temperature", PLACE)
    shown = lambent.run("predictions", "show", done["id"])
    refused = lambent.run("predictions", "retry", done["id"])

    assert "succeeded" in shown.stdout
    assert (refused.returncode, "409" in refused.stderr) == (1, True)

"""Identical work is done once: keys, the cache, and joining what is on its way."""

from collections import Counter
from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import at_once, user_of
from tests.e2e.predictions import PLACE, finished, submit, used
from tests.e2e.workers import dead

SUBMIT = "/v1/models/temperature/predictions"


@pytest.fixture
def client(lambent: Lambent) -> httpx.Client:
    """Somebody new."""
    return user_of(lambent, "temperature", "language")


def keyed(client: httpx.Client, key: str, **place: int) -> httpx.Response:
    return client.post(SUBMIT, json={"input": {**PLACE, **place}}, headers={"Idempotency-Key": key})


def test_the_same_request_again_is_the_same_prediction_and_costs_nothing(
    client: httpx.Client,
) -> None:
    key = str(uuid4())
    first = keyed(client, key)
    finished(client, first.json()["id"])
    again = keyed(client, f'"{key}"')

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == client.get(f"/v1/predictions/{first.json()['id']}").json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert used(client) == 1


def test_ten_of_the_same_at_once_are_one_prediction(client: httpx.Client) -> None:
    key = str(uuid4())
    answers = at_once(lambda _: keyed(client, key), 10)

    assert len({each.json()["id"] for each in answers}) == 1
    assert sum("idempotent-replayed" in each.headers for each in answers) == 9
    assert {each.status_code for each in answers} <= {200, 202}
    assert used(client) == 1


def test_the_key_with_another_body_is_refused(client: httpx.Client) -> None:
    key = str(uuid4())
    keyed(client, key)
    other = keyed(client, key, hour=5)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert used(client) == 1


def test_fifty_who_ask_the_same_while_it_waits_have_one_run_and_fifty_results(
    lambent: Lambent, client: httpx.Client
) -> None:
    text = {"text": f"Nobody said this before: {uuid4()}"}
    with dead(lambent, "light"):
        asked = at_once(lambda _: submit(client, "language", text).json(), 50)
    done = [finished(client, each["id"]) for each in asked]

    assert Counter(each["cache"] for each in done) == {"miss": 1, "collapsed": 49}
    assert {each["status"] for each in done} == {"succeeded"}
    assert len({str(each["output"]) for each in done}) == 1
    assert len({each["started_at"] for each in done}) == 1
    assert used(client, "language") == 50


def test_whoever_asks_afterwards_is_answered_at_once(client: httpx.Client) -> None:
    text = {"text": f"Nobody said that before: {uuid4()}"}
    first = finished(client, submit(client, "language", text).json()["id"])
    hit = submit(client, "language", text)
    fresh = client.post(
        "/v1/models/language/predictions",
        json={"input": text},
        headers={"Cache-Control": "no-cache"},
    )

    assert (hit.status_code, hit.json()["output"]) == (200, first["output"])
    assert hit.headers["cache-status"].startswith("lambent; hit; ttl=")
    assert (fresh.status_code, fresh.headers["cache-status"]) == (202, "lambent; fwd=request")
    assert used(client, "language") == 3

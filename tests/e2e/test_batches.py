"""Many inputs in one request."""

from uuid import uuid4

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import user_of
from tests.e2e.predictions import PATIENCE, PLACE, api, used

BATCH = "/v1/models/temperature/predictions/batch"
WRONG = {17: {**PLACE, "month": 13}, 40: {"latitude": 1}, 99: "here"}


@pytest.fixture
def client(lambent: Lambent) -> httpx.Client:
    """Somebody new."""
    return user_of(lambent, "temperature")


def test_of_a_hundred_with_three_that_do_not_fit_the_others_are_made_and_these_are_named(
    client: httpx.Client,
) -> None:
    inputs = [WRONG.get(place, {**PLACE, "hour": place % 24}) for place in range(100)]
    accepted = client.post(BATCH, json={"inputs": inputs})
    told = accepted.json()["predictions"]
    batch = api(client).wait(api(client).batch_status(accepted.json()["batch_id"]))

    assert accepted.status_code == 202
    refused = {place: each["error"] for place, each in enumerate(told) if "error" in each}
    assert refused.keys() == WRONG.keys()
    assert {each["status"] for each in refused.values()} == {422}
    assert refused[17]["errors"][0]["pointer"] == "/inputs/17/month"
    assert (batch["done"], batch["counts"]["succeeded"]) == (True, 97)
    assert used(client) == 97


def test_its_pages_are_in_the_order_of_the_inputs(client: httpx.Client) -> None:
    accepted = api(client).batch("temperature", [{**PLACE, "hour": at} for at in range(24)])
    api(client).wait(accepted, timeout=PATIENCE)
    first = client.get(f"/v1/batches/{accepted['batch_id']}", params={"limit": 20})
    rest = client.get(first.links["next"]["url"])

    listed = [each["id"] for page in (first, rest) for each in page.json()["data"]]
    assert listed == [each["id"] for each in accepted["predictions"]]
    hours = [client.get(f"/v1/predictions/{id}").json()["input"]["hour"] for id in listed[::6]]
    assert hours == [0, 6, 12, 18]


def test_the_same_batch_again_is_the_same_and_costs_nothing(client: httpx.Client) -> None:
    key = str(uuid4())
    first = api(client).batch("temperature", [PLACE] * 30, key=key)
    api(client).wait(first, timeout=PATIENCE)
    again = client.post(BATCH, json={"inputs": [PLACE] * 30}, headers={"Idempotency-Key": key})

    assert (again.status_code, again.json()) == (200, dict(first))
    assert again.headers["idempotent-replayed"] == "true"
    assert used(client) == 30


def test_without_room_for_all_none_is_made_and_what_is_left_is_told(client: httpx.Client) -> None:
    api(client).batch("temperature", [PLACE] * 10)
    answer = client.post(BATCH, json={"inputs": [PLACE] * 1000})

    assert (answer.status_code, answer.json()["violated-policies"]) == (429, ["daily"])
    assert answer.headers["ratelimit"].startswith('"daily";r=990;t=')
    assert used(client) == 10

"""Policies, grants, switches and usage, as an administrator and a user live with them."""

from typing import Any

import httpx
import pytest

from infra.build import read_profiles
from infra.workspace import ROOT
from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, predicted, submit
from tests.emulators import eventually


@pytest.fixture
def somebody(lambent: Lambent, request: pytest.FixtureRequest) -> httpx.Client:
    """A newcomer of this test alone."""
    return lambent.newcomer(f"{request.node.name.replace('_', '-')[:40]}@example.com")


def grants_of(client: httpx.Client) -> str:
    return f"/v1/users/{client.get('/v1/users/me').json()['id']}/grants"


def made(admin: httpx.Client, **policy: Any) -> dict[str, Any]:
    """A new policy."""
    answer = admin.post("/v1/access-policies", json=policy)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert admin.get(answer.headers["location"]).json() == found
    return found


def test_a_policy_binds_whom_it_is_granted_to_from_its_change_to_its_end(
    admin: httpx.Client, somebody: httpx.Client
) -> None:
    policy = made(admin, name="one a day", daily_api_calls=1)
    path, grant = f"/v1/access-policies/{policy['id']}", f"{grants_of(somebody)}/temperature"
    assert admin.put(grant, json={"access_policy_id": policy["id"]}).status_code == 200
    first = [submit(somebody, "temperature", PLACE).status_code for _ in range(2)]
    assert admin.patch(path, json={"daily_api_calls": None}).json()["daily_api_calls"] is None
    second = submit(somebody, "temperature", PLACE).status_code
    in_use = admin.delete(path)
    ended = [admin.delete(grant).status_code for _ in range(2)]
    refused = submit(somebody, "temperature", PLACE)

    assert [*first, second] == [202, 429, 202]
    assert (in_use.status_code, in_use.json()["code"]) == (409, "policy-in-use")
    assert (ended, refused.status_code) == ([204, 404], 403)
    assert admin.delete(path).status_code == 204


def test_usage_tells_what_was_accepted_and_what_became_of_it(
    admin: httpx.Client, somebody: httpx.Client
) -> None:
    admin.put(f"{grants_of(somebody)}/2", json={"access_policy_id": 1}).raise_for_status()
    for _ in range(2):
        predicted(somebody, "temperature", PLACE)

    def told() -> list[tuple[str, int, int, int]]:
        names = ("model", "accepted", "succeeded", "failed")
        days = somebody.get("/v1/me/usage").raise_for_status().json()["data"]
        return [tuple(day[name] for name in names) for day in days]

    # The note comes after the result: it is seen a moment later.
    assert eventually(lambda: told() == [("temperature", 2, 2, 0)], seconds=30), told()
    [quota] = somebody.get("/v1/me/quotas").json()["data"]
    assert (quota["model"], quota["daily"]["used"], quota["daily"]["limit"]) == (
        "temperature",
        2,
        1000,
    )


def test_a_model_that_is_switched_off_takes_nothing_until_it_is_on(
    admin: httpx.Client, demo: httpx.Client
) -> None:
    try:
        off = admin.patch("/v1/models/sentiment", json={"enabled": False})
        refused = submit(demo, "sentiment", {"text": "Lovely"})
    finally:
        on = admin.patch("/v1/models/sentiment", json={"enabled": True})

    assert (off.json()["enabled"], on.json()["enabled"]) == (False, True)
    assert (refused.status_code, refused.json()["code"]) == (503, "model-disabled")
    assert submit(demo, "sentiment", {"text": "Lovely"}).status_code == 202


def test_the_queues_tell_their_depths_and_no_age(admin: httpx.Client) -> None:
    queues = admin.get("/v1/admin/queue").raise_for_status().json()["queues"]

    kinds = [
        f"{profile}-{kind}" for profile in read_profiles(ROOT) for kind in ("interactive", "bulk")
    ]
    assert [queue["name"] for queue in queues] == [*kinds, "mail", "erasures"]
    assert {queue["oldest_age_s"] for queue in queues} == {None}

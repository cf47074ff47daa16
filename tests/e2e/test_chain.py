"""The product's promise, from outside."""

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, REFERENCE, finished, predicted, submit


def test_the_reference_value_comes_through_the_whole_chain(demo: httpx.Client) -> None:
    prediction = predicted(demo, "temperature", PLACE)

    assert prediction["output"]["temperature"] == pytest.approx(REFERENCE, abs=1e-9)
    assert prediction["status"] == "succeeded"


def test_a_kind_sentence_is_told_from_a_nasty_one(demo: httpx.Client) -> None:
    kind, nasty = (
        predicted(demo, "sentiment", {"text": text})["output"]["compound"]
        for text in ("What a wonderful, kind surprise", "This is a horrible, nasty failure")
    )

    assert kind > 0.5 > -0.5 > nasty


def test_a_newcomer_walks_the_routes_of_the_seed(lambent: Lambent, admin: httpx.Client) -> None:
    newcomer = lambent.newcomer("newcomer@example.com")
    me = newcomer.get("/v1/users/me").json()
    refused = newcomer.post("/v1/inference/predict-temp/2", json=PLACE)
    pairing = {"user_id": me["id"], "model_id": 2, "access_policy_id": 1}
    paired = admin.post("/v1/inference/pair_user_model", json=pairing)
    accepted = newcomer.post("/v1/inference/predict-temp/2", json=PLACE)
    task = accepted.json()["task_id"]
    finished(newcomer, task)

    assert refused.status_code == 403
    assert refused.json()["detail"] == "User does not have access to this model"
    assert paired.json() | {"last_accessed": None} == pairing | {
        "api_calls": 0,
        "access_granted": True,
        "last_accessed": None,
    }
    assert newcomer.get(f"/v1/inference/task-status/{task}").json() == {
        "state": "SUCCESS",
        "result": {"temperature": REFERENCE},
    }


def test_another_users_prediction_does_not_exist(lambent: Lambent, demo: httpx.Client) -> None:
    mine = submit(demo, "temperature", PLACE).json()["id"]
    stranger = lambent.newcomer("stranger@example.com")

    assert stranger.get(f"/v1/predictions/{mine}").status_code == 404


def test_a_session_ends_with_its_logout(lambent: Lambent) -> None:
    client = lambent.newcomer("leaver@example.com")
    assert client.post("/v1/auth/jwt/logout").status_code == 204

    refused = client.get("/v1/users/me")

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="lambent", error="invalid_token"'


def test_links_lead_through_the_front_door(lambent: Lambent, demo: httpx.Client) -> None:
    accepted = submit(demo, "temperature", PLACE)
    location = accepted.headers["location"]

    assert location == accepted.json()["urls"]["self"]
    assert location.startswith(f"{lambent.workspace.public_url}/v1/predictions/")
    assert demo.get(location).status_code == 200


def test_an_unknown_path_and_method_are_problem_documents(demo: httpx.Client) -> None:
    for answer in (demo.get("/v1/nowhere"), demo.delete("/v1/models")):
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["code"] == "not-found"

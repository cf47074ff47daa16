"""The seed's routes, in its words."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Status
from tests.integration.api import Api
from tests.samples import NOW, PLACE, a_failure, a_success, a_user
from tests.world import Person, World

PAIR = "/v1/inference/pair_user_model"
PREDICT = "/v1/inference/predict-temp/2"


@pytest.mark.parametrize("path", [PREDICT, "/v1/inference/predict-temperature/2"])
def test_a_task_is_answered_with_its_id_and_nothing_else(
    api: Api, world: World, ada: Person, path: str
) -> None:
    answer = api.post(path, ada, PLACE)
    [id] = world.memory.predictions
    assert (answer.status, answer.json) == (200, {"task_id": id})
    assert answer.headers["Location"].endswith(f"/v1/predictions/{id}")
    assert int(answer.headers["Retry-After"]) >= 1


def test_every_model_has_its_route(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "sentiment")
    answer = api.post("/v1/inference/predict-sentiment/1", ada, {"text": "Lovely!"})
    assert answer.status == 200
    assert world.queue.jobs[0].model == "sentiment"


@pytest.mark.parametrize("id", ["1", "99", "temperature", "02"])
def test_the_id_of_another_model_is_a_404_there(
    api: Api, world: World, ada: Person, id: str
) -> None:
    answer = api.post(f"/v1/inference/predict-temp/{id}", ada, PLACE)
    assert answer.status == 404
    assert answer.json["detail"].endswith(f"{id} not found")
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize(
    ("limits", "detail"),
    [
        ({"daily": 1}, "Daily API call limit exceeded"),
        ({"monthly": 1}, "Monthly API call limit exceeded"),
    ],
)
def test_over_quota_is_a_403_in_the_seeds_words(
    api: Api, world: World, ada: Person, limits: dict[str, int], detail: str
) -> None:
    world.grant(ada, "temperature", **limits)
    api.post(PREDICT, ada, PLACE)
    answer = api.post(PREDICT, ada, PLACE)
    assert (answer.status, answer.json["detail"]) == (403, detail)
    assert (answer.json["status"], answer.json["code"]) == (403, "quota-exceeded")
    assert int(answer.headers["Retry-After"]) > 1
    assert world.kept() == (1, 1, 1)


@pytest.mark.parametrize("spelling", ["task-status", "task_status"])
def test_a_task_waits_runs_and_succeeds(api: Api, world: World, ada: Person, spelling: str) -> None:
    id = api.post(PREDICT, ada, PLACE).json["task_id"]
    path = f"/v1/inference/{spelling}/{id}"
    assert api.get(path, ada).json == {"state": "PENDING", "result": None}
    world.results.claim(world.queue.jobs[0], 2, NOW)
    assert api.get(path, ada).json == {"state": "STARTED", "result": None}
    world.results.finish([a_success(id)])
    assert api.get(path, ada).json == {"state": "SUCCESS", "result": {"temperature": 8.5}}


def test_a_failed_task_has_an_error_in_place_of_a_result(
    api: Api, world: World, ada: Person
) -> None:
    id = api.post(PREDICT, ada, PLACE).json["task_id"]
    world.results.finish([a_failure(id, detail="No such month")])
    answer = api.get(f"/v1/inference/task-status/{id}", ada)
    assert answer.json == {"state": "FAILURE", "error": "No such month"}


def test_a_canceled_task_is_revoked(api: Api, world: World, ada: Person) -> None:
    prediction = world.accepted(ada, "temperature")
    world.memory.predictions[prediction.id] = replace(prediction, status=Status.CANCELED)
    state = api.get(f"/v1/inference/task-status/{prediction.id}", ada).json["state"]
    assert state == "REVOKED"


def test_a_task_is_its_owners(api: Api, world: World, ada: Person) -> None:
    path = f"/v1/inference/task-status/{api.post(PREDICT, ada, PLACE).json['task_id']}"
    assert api.get(path).status == 401
    assert api.get(path, world.somebody()).status == 404
    assert api.get(f"/v1/inference/task-status/{uuid7(NOW)}", ada).status == 404


def test_a_superuser_pairs_a_user_and_a_model(api: Api, world: World, root: Person) -> None:
    user = world.somebody()
    body = {"user_id": user.user.id, "model_id": 2, "access_policy_id": 1}
    answer = api.post(PAIR, root, body)
    assert (answer.status, answer.json) == (
        200,
        {
            "user_id": user.user.id,
            "model_id": 2,
            "access_policy_id": 1,
            "api_calls": 0,
            "access_granted": True,
            "last_accessed": "2026-11-23T12:00:00.000Z",
        },
    )
    assert list(answer.json) == [
        "user_id",
        "model_id",
        "access_policy_id",
        "api_calls",
        "access_granted",
        "last_accessed",
    ]
    assert api.post(PREDICT, user, PLACE).status == 200


def test_model_and_policy_have_defaults(api: Api, world: World, root: Person) -> None:
    answer = api.post(PAIR, root, {"user_id": world.somebody().user.id})
    assert (answer.json["model_id"], answer.json["access_policy_id"]) == (2, 1)


def test_pairing_again_tells_what_was_used(
    api: Api, world: World, root: Person, ada: Person
) -> None:
    api.post(PREDICT, ada, PLACE)
    world.clock.advance(5)
    answer = api.post(PAIR, root, {"user_id": ada.user.id})
    assert answer.json["api_calls"] == 1
    assert answer.json["last_accessed"] == "2026-11-23T12:00:00.000Z"


@pytest.mark.parametrize(
    "changed",
    [
        {"user_id": a_user().id},
        {"user_id": "nonsense"},
        {"model_id": 99},
        {"model_id": -1},
        {"access_policy_id": 99},
        {"access_policy_id": 10**4000},
        {"access_policy_id": -(10**4000)},
    ],
)
def test_an_unknown_user_model_or_policy_is_a_404(
    api: Api, world: World, root: Person, changed: dict[str, Any]
) -> None:
    answer = api.post(PAIR, root, {"user_id": world.somebody().user.id, **changed})
    assert answer.status == 404
    assert not world.memory.grants


@pytest.mark.parametrize(
    "body", [{}, [], {"user_id": 1}, {"user_id": "x", "model_id": "2"}, {"user_id": None}]
)
def test_what_is_no_pairing_is_a_422(api: Api, root: Person, body: Any) -> None:
    assert api.post(PAIR, root, body).status == 422


def test_only_a_superuser_pairs(api: Api, world: World, ada: Person) -> None:
    body = {"user_id": ada.user.id}
    assert api.post(PAIR, body=body).status == 401
    answer = api.post(PAIR, ada, body)
    assert (answer.status, answer.json["detail"]) == (403, "Forbidden")


def test_anybody_may_ask_what_a_model_is(api: Api) -> None:
    answer = api.get("/v1/inference/predict/get_info/2")
    assert (answer.status, answer.json) == (
        200,
        {
            "name": "temperature",
            "problem": "regression",
            "category": "temperature",
            "version": "1.0.0",
            "access_policy_id": 1,
        },
    )


def test_an_unknown_model_has_no_info(api: Api) -> None:
    answer = api.get("/v1/inference/predict/get_info/99")
    assert (answer.status, answer.json["detail"]) == (404, "Model with id 99 not found")


@pytest.mark.parametrize("path", ["/v1/inference/health", "/v1/health/live"])
def test_anybody_may_ask_whether_it_lives(api: Api, world: World, path: str) -> None:
    world.memory.is_down = True
    assert (api.get(path).status, api.get(path).json) == (200, {"status": "ok"})


def test_it_is_ready_when_table_and_queue_answer(api: Api) -> None:
    answer = api.get("/v1/health/ready")
    assert (answer.status, answer.json) == (
        200,
        {"status": "ok", "checks": {"table": "ok", "queue": "ok"}},
    )


def test_it_is_not_ready_when_one_does_not(api: Api, world: World) -> None:
    world.queue.is_down = True
    answer = api.get("/v1/health/ready")
    assert (answer.status, answer.json["detail"]) == (503, "Not ready: queue")
    assert answer.json["checks"] == {"table": "ok", "queue": "unavailable"}
    assert answer.headers["Retry-After"] == "5"

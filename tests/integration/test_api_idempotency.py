"""`Idempotency-Key`, over HTTP."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from chalicelib.domain.predictions import Status
from tests.integration.api import Answer, Api, send, signed
from tests.samples import PLACE, a_success
from tests.world import Person, World

MODEL = "/v1/models/temperature"
SUBMIT, MANY = f"{MODEL}/predictions", f"{MODEL}/predictions/batch"
TASK, ALIAS = "/v1/inference/predict-temperature/2", "/v1/inference/predict-temp/2"
KEYED = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
BAD = ["", " ", '"', '"a', "a b", "a\tb", "é", "\x00", "a\x7f", "x" * 256]
ELSEWHERE = {**PLACE, "latitude": 41}
BODIES: dict[str, Any] = {
    SUBMIT: {"input": PLACE},
    MANY: {"inputs": [PLACE]},
    TASK: PLACE,
    ALIAS: PLACE,
}


def failed(api: Api, world: World, ada: Person) -> str:
    """The path at which a failed prediction is retried."""
    id = api.post(SUBMIT, ada, {"input": PLACE}).json["id"]
    world.memory.predictions[id] = replace(world.memory.predictions[id], status=Status.FAILED)
    return f"/v1/predictions/{id}/retry"


def again(api: Api, ada: Person, path: str = SUBMIT, body: Any = None, **headers: str) -> Answer:
    return api.post(path, ada, BODIES[path] if body is None else body, headers={**KEYED, **headers})


def test_a_replay_is_the_same_prediction_and_says_so(api: Api, world: World, ada: Person) -> None:
    first, second = again(api, ada), again(api, ada)
    assert (first.status, second.status) == (202, 202)
    assert second.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert world.kept() == (1, 1, 1)


def test_a_replay_is_told_where_to_read_and_when(api: Api, ada: Person) -> None:
    first, second = again(api, ada), again(api, ada)
    for name in ("Location", "Retry-After"):
        assert second.headers[name] == first.headers[name]


def test_a_replay_of_what_has_ended_is_its_result(api: Api, world: World, ada: Person) -> None:
    first = again(api, ada).json
    world.results.finish([a_success(first["id"])])
    second = again(api, ada)
    assert (second.status, second.json["status"]) == (200, "succeeded")
    assert second.json["output"] == {"temperature": 8.5}
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Retry-After" not in second.headers


def test_a_replay_leaves_the_limits_as_they_are(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", daily=5)
    told = [again(api, ada).headers["RateLimit"] for _ in range(2)]
    told.append(api.post(SUBMIT, ada, {"input": PLACE}).headers["RateLimit"])
    assert told == ['"daily";r=4', '"daily";r=4', '"daily";r=3']


def test_a_replay_is_not_counted_as_a_request(
    api: Api, world: World, ada: Person, log: StringIO
) -> None:
    again(api, ada)
    again(api, ada)
    counted = ["PredictionsRequested" in line for line in log.getvalue().splitlines()]
    assert counted == [True, False]


def test_quoted_or_not_it_is_the_same_key(api: Api, ada: Person) -> None:
    bare = {"Idempotency-Key": KEYED["Idempotency-Key"].strip('"')}
    first, second = again(api, ada), again(api, ada, **bare)
    assert second.json["id"] == first.json["id"]


def test_it_works_on_a_full_quota_and_a_model_that_is_switched_off(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", daily=1)
    first = again(api, ada)
    assert api.post(SUBMIT, ada, {"input": PLACE}).status == 429
    assert again(api, ada).json == first.json
    world.memory.disabled.add("temperature")
    assert api.post(SUBMIT, ada, {"input": PLACE}).status == 503
    assert again(api, ada).json == first.json


@pytest.mark.parametrize(
    "body",
    [
        {"input": ELSEWHERE},
        {"input": PLACE, "metadata": {"a": 1}},
        {"input": PLACE, "expires_in": 60},
    ],
)
def test_with_another_body_it_is_a_422_that_says_so(
    api: Api, world: World, ada: Person, body: Any
) -> None:
    again(api, ada)
    answer = again(api, ada, body=body)
    assert (answer.status, answer.json["code"]) == (422, "idempotency-key-reused")
    assert [each["pointer"] for each in answer.json["errors"]] == [""]
    assert world.kept() == (1, 1, 1)


def test_with_the_same_body_in_another_spelling_it_is_a_replay(api: Api, ada: Person) -> None:
    again(api, ada, body={"input": PLACE, "metadata": {}})
    raw = json.dumps({"input": {**dict(reversed(PLACE.items())), "latitude": 40.0}}, indent=2)
    answer = api.post(SUBMIT, ada, raw=raw.encode(), headers=KEYED)
    assert answer.headers["Idempotent-Replayed"] == "true"


def test_a_model_is_the_same_by_name_and_id(api: Api, ada: Person) -> None:
    first = again(api, ada)
    second = api.post("/v1/models/2/predictions", ada, {"input": PLACE}, headers=KEYED)
    assert second.json["id"] == first.json["id"]


def test_anothers_key_is_another_request(api: Api, world: World, ada: Person) -> None:
    bob = world.somebody()
    world.grant(bob, "temperature")
    ids = {again(api, who).json["id"] for who in (ada, bob)}
    assert len(ids) == 2


def test_of_another_route_it_is_another_request(api: Api, world: World, ada: Person) -> None:
    retry = failed(api, world, ada)
    answers = [again(api, ada, path) for path in (SUBMIT, MANY, TASK)]
    answers.append(api.post(retry, ada, raw=b"", headers=KEYED))
    assert [each.status for each in answers] == [202, 202, 200, 202]
    assert not any("Idempotent-Replayed" in each.headers for each in answers)


def test_a_refused_request_leaves_the_key_unused(api: Api, world: World, ada: Person) -> None:
    """Each cure leads to the next refusal."""
    world.memory.disabled.add("temperature")
    statuses = [again(api, ada, body={"input": {}}).status, again(api, ada).status]
    world.memory.disabled.clear()
    world.grant(ada, "temperature", daily=0)
    statuses.append(again(api, ada).status)
    world.grant(ada, "temperature")
    last = again(api, ada)
    assert [*statuses, last.status] == [422, 503, 429, 202]
    assert "Idempotent-Replayed" not in last.headers


def test_after_a_day_it_is_another_request(api: Api, world: World, ada: Person) -> None:
    first = again(api, ada)
    world.clock.advance(days=1, ms=-1)
    ada = replace(ada, token=world.tokens.issue(a_living(world, ada), world.clock(), "again"))
    assert again(api, ada).json["id"] == first.json["id"]
    world.clock.advance(1)
    assert again(api, ada).json["id"] != first.json["id"]


def a_living(world: World, person: Person) -> Any:
    """The session of a person."""
    return world.memory.sessions[person.user.id, person.claims.session_id]


def test_what_was_erased_is_gone(api: Api, ada: Person) -> None:
    id = again(api, ada).json["id"]
    api.delete(f"/v1/predictions/{id}", ada)
    assert again(api, ada).status == 410


def test_who_waits_on_a_replay_has_its_result(api: Api, world: World, ada: Person) -> None:
    id = again(api, ada).json["id"]
    world.clock.meanwhile = lambda: world.results.finish([a_success(id)])
    answer = again(api, ada, Prefer="wait=5")
    assert (answer.status, answer.json["output"]) == (200, {"temperature": 8.5})
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert answer.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("second", [TASK, ALIAS])
def test_the_seeds_task_is_replayed_under_either_name(
    api: Api, world: World, ada: Person, second: str
) -> None:
    answers = [again(api, ada, path) for path in (ALIAS, second)]
    assert [each.status for each in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert again(api, ada, second, ELSEWHERE).status == 422
    assert world.kept() == (1, 1, 1)


def test_a_retry_is_replayed(api: Api, world: World, ada: Person) -> None:
    path = failed(api, world, ada)
    first, second = (api.post(path, ada, raw=b"", headers=KEYED) for _ in range(2))
    assert (first.status, second.status) == (202, 202)
    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert world.kept() == (2, 2, 2)


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("path", BODIES)
def test_a_key_that_cannot_be_read_is_a_400(
    api: Api, world: World, ada: Person, path: str, value: str
) -> None:
    answer = again(api, ada, path, **{"Idempotency-Key": value})
    assert (answer.status, answer.json["code"]) == (400, "bad-request")
    assert "Idempotency-Key" in answer.json["detail"]
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("value", BAD)
def test_of_a_retry_it_is_a_400_too(api: Api, world: World, ada: Person, value: str) -> None:
    path = failed(api, world, ada)
    answer = api.post(path, ada, raw=b"", headers={"Idempotency-Key": value})
    assert answer.status == 400
    assert world.kept() == (1, 1, 1)


def test_two_of_them_are_a_400(api: Api, ada: Person) -> None:
    sample = signed("api_submit", ada)
    assert send(sample, **{"Idempotency-Key": ["a"]}).status == 202
    assert send(sample, **{"idempotency-key": ["a", "a"]}).status == 400


LARGE = b"x" * (1024 * 1024 + 1)
ORDER: list[tuple[str, Callable[[str], str], bytes, str, int]] = [
    ("nobody", str, b"{}", "application/json", 401),
    ("ada", lambda path: path.replace("temperature", "nonsense"), b"{}", "application/json", 404),
    ("bob", str, b"{}", "application/json", 403),
    ("ada", str, LARGE, "application/json", 400),
    ("ada", str, b"{}", "text/plain", 400),
    ("ada", str, b"{", "application/json", 400),
    ("ada", str, b"{}", "application/json", 400),
]


@pytest.mark.parametrize("route", [SUBMIT, MANY])
@pytest.mark.parametrize(("name", "path", "raw", "content_type", "status"), ORDER)
def test_who_may_ask_is_told_before_a_bad_key_and_all_else_after_it(
    api: Api,
    world: World,
    ada: Person,
    route: str,
    name: str,
    path: Callable[[str], str],
    raw: bytes,
    content_type: str,
    status: int,
) -> None:
    who = {"nobody": None, "ada": ada, "bob": world.somebody()}[name]
    headers = {"Idempotency-Key": "a b"}
    answer = api.post(path(route), who, raw=raw, content_type=content_type, headers=headers)
    assert answer.status == status
    assert ("Idempotency-Key" in answer.json["detail"]) is (status == 400)


def test_on_the_seeds_route_who_may_ask_is_told_first_too(
    api: Api, world: World, ada: Person
) -> None:
    def ask(path: str, who: Person | None) -> int:
        return api.post(path, who, PLACE, headers={"Idempotency-Key": "a b"}).status

    assert ask(TASK, None) == 401
    assert ask("/v1/inference/predict-temperature/99", ada) == 404
    assert ask(TASK, world.somebody()) == 403
    assert ask(TASK, ada) == 400


def test_on_a_retry_who_may_ask_is_told_first_too(api: Api, world: World, ada: Person) -> None:
    path = failed(api, world, ada)

    def ask(who: Person | None) -> int:
        return api.post(path, who, raw=b"", headers={"Idempotency-Key": "a b"}).status

    assert [ask(who) for who in (None, world.somebody(), ada)] == [401, 404, 400]


def test_elsewhere_the_header_is_ignored(api: Api, ada: Person) -> None:
    id = api.post(SUBMIT, ada, {"input": PLACE}).json["id"]
    headers = {"Idempotency-Key": "a b"}
    assert api.get(f"/v1/predictions/{id}", ada, headers).status == 200
    assert api.get("/v1/models", ada, headers).status == 200
    assert api.post(f"/v1/predictions/{id}/cancel", ada, raw=b"", headers=headers).status == 200

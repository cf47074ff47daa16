"""Quotas, usage, schemas and switches of models, and the queues, over HTTP."""

import pytest

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.usage import Tally
from tests.integration.api import Api
from tests.samples import DAY, NOW, PLACE, a_grant, a_letter, a_prediction
from tests.world import Person, World

SUBMIT = "/v1/models/temperature/predictions"
QUOTAS, USAGE, SCHEMA = "/v1/me/quotas", "/v1/me/usage", "/v1/models/temperature/schema"


def test_the_quota_of_every_granted_model_is_told(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", daily=5)
    world.grant(ada, "sentiment", monthly=1)
    api.post(SUBMIT, ada, {"input": PLACE})
    answer = api.get(QUOTAS, ada)
    day, month = "2026-11-24T00:00:00.000Z", "2026-12-01T00:00:00.000Z"
    assert (answer.status, answer.json) == (
        200,
        {
            "data": [
                {
                    "model": "sentiment",
                    "daily": {"limit": None, "used": 0, "remaining": None, "reset": day},
                    "monthly": {"limit": 1, "used": 0, "remaining": 1, "reset": month},
                },
                {
                    "model": "temperature",
                    "daily": {"limit": 5, "used": 1, "remaining": 4, "reset": day},
                    "monthly": {"limit": None, "used": 1, "remaining": None, "reset": month},
                },
            ]
        },
    )


def test_who_was_granted_nothing_or_not_any_more_has_no_quota(api: Api, world: World) -> None:
    person = world.somebody()
    world.grant(person, "temperature", expires_at=NOW)
    assert api.get(QUOTAS, person).json == {"data": []}


def test_usage_is_told_by_day_and_model(api: Api, world: World, ada: Person) -> None:
    api.post(SUBMIT, ada, {"input": PLACE})
    world.usage.note(Tally(ada.user.id, "temperature", 3, 1, 12), NOW)
    grant = a_grant(ada.user, "sentiment")
    world.predictions.accept(a_prediction(grant, NOW - 2 * DAY), grant)
    answer = api.get(USAGE, ada)
    today = {"accepted": 1, "succeeded": 3, "failed": 1, "predict_ms": 12}
    before = {"accepted": 1, "succeeded": 0, "failed": 0, "predict_ms": 0}
    assert (answer.status, answer.json) == (
        200,
        {
            "data": [
                {"date": "2026-11-21", "model": "sentiment", **before},
                {"date": "2026-11-23", "model": "temperature", **today},
            ]
        },
    )


def test_usage_is_ones_own(api: Api, world: World, ada: Person, root: Person) -> None:
    api.post(SUBMIT, ada, {"input": PLACE})
    assert api.get(USAGE, root).json == {"data": []}


@pytest.mark.parametrize(
    ("query", "dates"),
    [
        ({}, ["2026-11-03", "2026-11-23"]),
        ({"from": "2026-10-14"}, ["2026-10-14", "2026-11-03", "2026-11-23"]),
        ({"from": "2026-10-15", "to": "2026-11-22"}, ["2026-11-03"]),
        ({"to": "2026-11-03"}, ["2026-10-14", "2026-11-03"]),
        ({"from": "", "to": ""}, ["2026-11-03", "2026-11-23"]),
        ({"from": "0001-01-01", "to": "0001-01-01"}, []),
        ({"to": "0001-01-01"}, []),
        ({"from": "9999-12-31", "to": "9999-12-31"}, []),
    ],
)
def test_the_days_that_are_asked_for_are_told(
    api: Api, world: World, ada: Person, query: dict[str, str], dates: list[str]
) -> None:
    for days in (0, 20, 40):
        world.usage.note(Tally(ada.user.id, "temperature", 1, 0, 0), NOW - days * DAY)
    found = api.get(USAGE, ada, **query).json["data"]
    assert [day["date"] for day in found] == dates


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"from": "2026-11-24"}, "/from"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "/from"),
        ({"from": "2026-08-23"}, "/from"),
        ({"from": "0001-01-01"}, "/from"),
        ({"from": "2026-02-30"}, "/from"),
        ({"from": "1767225600"}, "/from"),
        ({"from": "2026-11-01T00:00:00Z"}, "/from"),
        ({"to": "today"}, "/to"),
        ({"to": "0000-01-01"}, "/to"),
        ({"to": "\u0662026-11-01"}, "/to"),
    ],
)
def test_what_are_no_days_of_a_report_is_named(
    api: Api, ada: Person, query: dict[str, str], pointer: str
) -> None:
    answer = api.get(USAGE, ada, **query)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("reference", ["2", "temperature"])
def test_a_model_tells_its_schemas_alone(api: Api, ada: Person, reference: str) -> None:
    answer = api.get(f"/v1/models/{reference}/schema", ada)
    whole = api.get("/v1/models/2", ada).json
    both = {"input": whole["input_schema"], "output": whole["output_schema"]}
    assert (answer.status, answer.json) == (200, both)


def test_an_unknown_model_has_no_schema(api: Api, ada: Person) -> None:
    assert api.get("/v1/models/nonsense/schema", ada).status == 404


@pytest.mark.parametrize("path", [QUOTAS, USAGE, SCHEMA])
def test_a_key_needs_the_scope_of_the_models(api: Api, ada: Person, path: str) -> None:
    answers = []
    for scope in Scope:
        body = {"name": "k", "scopes": [scope], "expires_in": 60}
        key = api.post("/v1/users/me/api-keys", ada, body).json["key"]
        answers.append((scope, api.get(path, key).status))
    assert dict(answers) == {
        Scope.PREDICTIONS_READ: 403,
        Scope.PREDICTIONS_WRITE: 403,
        Scope.MODELS_READ: 200,
    }


@pytest.mark.parametrize("path", [QUOTAS, f"{USAGE}?from=x", SCHEMA])
def test_nobody_is_told_without_a_token(api: Api, path: str) -> None:
    assert api.get(path).status == 401


@pytest.mark.parametrize("reference", ["2", "temperature"])
def test_a_model_that_is_switched_off_takes_nothing_until_it_is_on(
    api: Api, ada: Person, root: Person, reference: str
) -> None:
    off = api.patch(f"/v1/models/{reference}", root, {"enabled": False})
    assert (off.status, off.json["name"], off.json["enabled"]) == (200, "temperature", False)
    refused = api.post(SUBMIT, ada, {"input": PLACE})
    assert (refused.status, refused.json["code"]) == (503, "model-disabled")
    assert int(refused.headers["Retry-After"]) >= 1
    on = api.patch(f"/v1/models/{reference}", root, {"enabled": True})
    assert on.json == api.get("/v1/models/2", root).json
    assert api.post(SUBMIT, ada, {"input": PLACE}).status == 202


@pytest.mark.parametrize("body", [{}, {"enabled": None}, {"enabled": 0}, {"enabled": "no"}, []])
def test_what_is_no_switch_is_a_422(api: Api, world: World, root: Person, body: object) -> None:
    assert api.patch("/v1/models/2", root, body).status == 422
    assert not world.memory.disabled


def test_an_unknown_model_is_not_switched(api: Api, root: Person) -> None:
    assert api.patch("/v1/models/99", root, {"enabled": False}).status == 404


def test_a_superuser_sees_what_waits(api: Api, world: World, ada: Person, root: Person) -> None:
    for _ in range(2):
        api.post(SUBMIT, ada, {"input": PLACE})
    world.outbox.post(a_letter())
    answer = api.get("/v1/admin/queue", root)
    rest = {"in_flight": 0, "delayed": 0, "oldest_age_s": None}
    assert (answer.status, answer.json) == (
        200,
        {
            "queues": [
                {"name": "light-interactive", "visible": 2, **rest},
                {"name": "light-bulk", "visible": 0, **rest},
                {"name": "mail", "visible": 1, **rest},
                {"name": "erasures", "visible": 0, **rest},
            ]
        },
    )


def test_a_queue_that_does_not_answer_is_a_503(api: Api, world: World, root: Person) -> None:
    world.queue.is_down = True
    assert api.get("/v1/admin/queue", root).status == 503

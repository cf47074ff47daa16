"""API keys over HTTP: shown once, of few rights, and for the inference routes alone."""

from typing import Any

import pytest

from chalicelib.api import wiring
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.letters import Kind
from tests.integration.api import Api
from tests.integration.members import ME, OTHER, USERS, a_member, told
from tests.samples import PLACE, a_key
from tests.world import Person, World

KEYS = "/v1/users/me/api-keys"
SUBMIT, SEED = "/v1/models/temperature/predictions", "/v1/inference/predict-temp/2"
NEW = {"name": "nightly", "scopes": ["predictions:read", "models:read"], "expires_in": 3600}
SHOWN = {"id", "name", "scopes", "created_at", "expires_at", "last_used_at"}
EVERYTHING = ("predictions:read", "predictions:write", "models:read")


@pytest.fixture
def one(world: World) -> Person:
    one = a_member(world, is_superuser=True)
    world.grant(one, "temperature")
    return one


def key_of(api: Api, one: Person, *scopes: str, expires_in: int = 3600) -> str:
    answer = api.post(KEYS, one, {"name": "k", "scopes": scopes, "expires_in": expires_in})
    assert answer.status == 201, answer.text
    return str(answer.json["key"])


def test_a_key_is_shown_once(api: Api, world: World, one: Person) -> None:
    minted = api.post(KEYS, one, NEW)
    assert minted.status == 201
    key = minted.json
    text = key.pop("key")
    assert key == {
        "id": key["id"],
        "name": "nightly",
        "scopes": ["models:read", "predictions:read"],
        "created_at": "2026-11-23T12:00:00.000Z",
        "expires_at": "2026-11-23T13:00:00.000Z",
        "last_used_at": None,
    }
    assert text.startswith(f"lk_{key['id']}_")
    listed = api.get(KEYS, one)
    assert listed.json == {"data": [key], "next_cursor": None}
    assert text.rpartition("_")[2] not in listed.text + repr(world.memory.api_keys)


def test_the_owner_is_told_of_a_new_key(api: Api, world: World, one: Person) -> None:
    key = api.post(KEYS, one, NEW).json
    [letter] = world.outbox.letters
    assert (letter.kind, letter.to) == (Kind.API_KEY_CREATED, one.user.email)
    assert letter.facts == {"name": "nightly"}
    assert world.trail.entries[-1].event is Event.API_KEY_CREATED
    assert world.trail.entries[-1].target == key["id"]


def test_a_notice_that_cannot_be_queued_fails_nothing(api: Api, world: World, one: Person) -> None:
    world.outbox.is_down = True
    assert api.post(KEYS, one, NEW).status == 201


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": None},
        {"name": 1},
        {"scopes": []},
        {"scopes": None},
        {"scopes": "models:read"},
        {"scopes": ["admin"]},
        {"scopes": ["models:read", 1]},
        {"scopes": ["models:read"] * 11},
        {"scopes": {"models:read": True}},
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires_in": None},
        {"expires_in": "3600"},
        {"expires_in": 3600.5},
        {"expires_in": True},
        {"expires_in": 367 * 24 * 3600},
        {"expires_in": 10**4000},
    ],
)
def test_what_is_no_key_is_a_422(
    api: Api, world: World, one: Person, change: dict[str, Any]
) -> None:
    answer = api.post(KEYS, one, {**NEW, **change})
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert not world.memory.api_keys


@pytest.mark.parametrize("missing", ["name", "scopes", "expires_in"])
def test_nothing_of_a_key_has_a_default(api: Api, one: Person, missing: str) -> None:
    body = {name: value for name, value in NEW.items() if name != missing}
    assert api.post(KEYS, one, body).status == 422


def test_a_user_has_fifty_keys_at_most(api: Api, world: World, one: Person) -> None:
    for _ in range(50):
        world.api_keys.add(a_key(one.user))
    answer = api.post(KEYS, one, NEW)
    assert (answer.status, answer.json["code"]) == (409, "conflict")
    assert len(world.memory.api_keys) == 50


def test_a_key_stands_in_for_a_token_on_the_inference_routes(api: Api, one: Person) -> None:
    key = key_of(api, one, *EVERYTHING)
    submitted = api.post(SUBMIT, key, {"input": PLACE})
    assert submitted.status == 202
    assert api.get(f"/v1/predictions/{submitted.json['id']}", key).status == 200
    task = api.post(SEED, key, PLACE)
    assert task.status == 200
    assert api.get(f"/v1/inference/task-status/{task.json['task_id']}", key).status == 200
    assert api.get("/v1/models", key).status == 200
    assert api.get("/v1/models/temperature", key).status == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", SUBMIT, "predictions:write"),
        ("POST", SEED, "predictions:write"),
        ("GET", "/v1/predictions/x", "predictions:read"),
        ("GET", "/v1/inference/task-status/x", "predictions:read"),
        ("GET", "/v1/models", "models:read"),
        ("GET", "/v1/models/temperature", "models:read"),
    ],
)
def test_a_scope_that_it_lacks_is_a_403_that_names_it(
    api: Api, one: Person, method: str, path: str, scope: str
) -> None:
    key = key_of(api, one, *(each for each in EVERYTHING if each != scope))
    answer = api.ask(method, path, key, b"{}")
    assert (answer.status, answer.json["code"]) == (403, "scope-missing")
    assert scope in answer.json["detail"]


ACCOUNT = [
    ("GET", ME),
    ("PATCH", ME),
    ("DELETE", ME),
    ("GET", USERS),
    ("GET", f"{USERS}/{{id}}"),
    ("PATCH", f"{USERS}/{{id}}"),
    ("DELETE", f"{USERS}/{{id}}"),
    ("GET", f"{ME}/sessions"),
    ("DELETE", f"{ME}/sessions/x"),
    ("GET", KEYS),
    ("POST", KEYS),
    ("DELETE", f"{KEYS}/x"),
    ("POST", "/v1/auth/jwt/logout"),
    ("POST", "/v1/auth/logout-all"),
    ("GET", "/v1/admin/audit"),
    ("GET", "/v1/admin/dead-letters"),
    ("POST", "/v1/admin/dead-letters/redrive"),
    ("POST", "/v1/inference/pair_user_model"),
]


@pytest.mark.parametrize(("method", "path"), ACCOUNT)
def test_even_a_superusers_key_reaches_no_account(
    api: Api, world: World, one: Person, method: str, path: str
) -> None:
    key = key_of(api, one, *EVERYTHING)
    users, keys = dict(world.memory.users), set(world.memory.api_keys)
    body = b'{"password": "%s", "name": "k"}' % OTHER.encode()
    answer = api.ask(method, path.format(id=one.user.id), key, body)
    assert told(answer) == (403, "Forbidden")
    assert (world.memory.users, set(world.memory.api_keys)) == (users, keys)


def test_a_superusers_key_does_not_see_what_is_not_its_owners(
    api: Api, world: World, one: Person
) -> None:
    anothers = world.accepted(a_member(world), "temperature")
    assert api.get(f"/v1/predictions/{anothers.id}", one).status == 200
    assert api.get(f"/v1/predictions/{anothers.id}", key_of(api, one, *EVERYTHING)).status == 404


def test_an_expired_key_is_a_401(api: Api, world: World, one: Person) -> None:
    key = key_of(api, one, "models:read", expires_in=60)
    assert api.get("/v1/models", key).status == 200
    world.clock.advance(seconds=60)
    assert told(api.get("/v1/models", key)) == (401, "Unauthorized")


def test_a_revoked_key_is_a_401_from_the_next_request(api: Api, world: World, one: Person) -> None:
    key, other = key_of(api, one, "models:read"), key_of(api, one, "models:read")
    id = key.split("_")[1]
    answer = api.delete(f"{KEYS}/{id}", one)
    assert (answer.status, answer.text) == (204, "")
    assert [api.get("/v1/models", each).status for each in (key, other)] == [401, 200]
    assert told(api.delete(f"{KEYS}/{id}", one)) == (404, "Not Found")
    assert world.trail.entries[-1].event is Event.API_KEY_REVOKED


@pytest.mark.parametrize("end", ["logout-all", "password", "deactivate"])
def test_what_ends_all_sessions_ends_the_keys(
    api: Api, root: Person, one: Person, end: str
) -> None:
    key = key_of(api, one, "models:read")
    if end == "logout-all":
        api.post("/v1/auth/logout-all", one, raw=b"")
    else:
        change = {"password": OTHER} if end == "password" else {"is_active": False}
        api.patch(f"{USERS}/{one.user.id}", root, change)
    assert told(api.get("/v1/models", key)) == (401, "Unauthorized")


def test_a_sign_out_leaves_the_keys(api: Api, one: Person) -> None:
    key = key_of(api, one, "models:read")
    api.post("/v1/auth/jwt/logout", one, raw=b"")
    assert api.get("/v1/models", key).status == 200


def test_anothers_key_does_not_exist(api: Api, world: World, one: Person, ada: Person) -> None:
    key = key_of(api, one, "models:read")
    assert told(api.delete(f"{KEYS}/{key.split('_')[1]}", ada)) == (404, "Not Found")
    assert api.get(KEYS, ada).json["data"] == []
    assert api.get("/v1/models", key).status == 200


@pytest.mark.parametrize("id", ["x", "null", "%00", "..", "x" * 3000, "0" * 42, "\u00df" * 42])
def test_an_id_of_no_key_is_a_404(api: Api, one: Person, id: str) -> None:
    assert told(api.delete(f"{KEYS}/{id}", one)) == (404, "Not Found")


def test_the_last_use_is_noted_once_a_minute(api: Api, world: World, one: Person) -> None:
    key = key_of(api, one, "models:read")
    seen = []
    for seconds in (0, 59, 1):
        world.clock.advance(seconds=seconds)
        api.get("/v1/models", key)
        seen.append(api.get(KEYS, one).json["data"][0]["last_used_at"])
    first, later = "2026-11-23T12:00:00.000Z", "2026-11-23T12:01:00.000Z"
    assert seen == [first, first, later]


def _swapped(text: str, at: int) -> str:
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


@pytest.mark.parametrize(
    "mistype",
    [
        lambda key: key[:-1],
        lambda key: key + "0",
        lambda key: key + "=",
        lambda key: key.upper(),
        lambda key: key.replace("lk_", "lk-"),
        lambda key: key.replace("lk_", "rt_"),
        lambda key: key.removeprefix("lk_"),
        lambda key: "lk_",
        lambda key: "lk_" * 2000,
        lambda key: "lk_\u00e4",
        lambda key: "lk_" + "\u00df" * 42 + key[45:],
        lambda key: _swapped(key, 5),
        lambda key: _swapped(key, 60),
        lambda key: _swapped(key, -1),
    ],
)
def test_a_mistyped_key_is_a_401_without_asking_a_table(
    api: Api, world: World, one: Person, mistype: Any
) -> None:
    key = mistype(key_of(api, one, *EVERYTHING))
    world.memory.is_down = True
    answer = api.get("/v1/models", key)
    assert told(answer) == (401, "Unauthorized")
    assert key not in answer.text


def test_where_verification_is_required_a_key_of_the_unverified_is_a_403(
    api: Api, world: World, one: Person
) -> None:
    key = key_of(api, one, "models:read")
    strict = World(world.catalogue, require_verification=True)
    strict.memory.users.update(world.memory.users)
    strict.memory.api_keys.update(world.memory.api_keys)
    wiring.use(strict.services())
    assert told(api.get("/v1/models", key)) == (403, "Forbidden")

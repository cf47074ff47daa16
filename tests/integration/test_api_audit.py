"""What is kept of who did what, and who may look at it."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.accounts.audit import Entry, Event, Outcome
from chalicelib.domain.ids import is_prediction_id
from tests.integration.api import Api, send
from tests.integration.members import ME, OTHER, PASSWORD, USERS, a_member, refresh, sign_in, told
from tests.samples import event
from tests.world import Person, World

AUDIT = "/v1/admin/audit"
SHOWN = {"id", "at", "event", "actor", "target", "source_ip", "request_id", "outcome"}


@pytest.fixture
def one(world: World) -> Person:
    return a_member(world)


def seen(world: World) -> list[tuple[Event, str, str, Outcome]]:
    """Event, actor, target and outcome of every entry."""
    return [(each.event, each.actor, each.target, each.outcome) for each in world.trail.entries]


def test_an_entry_is_shown_exactly_so(api: Api, world: World, root: Person, one: Person) -> None:
    api.login(one.user.email, PASSWORD)
    answer = api.get(AUDIT, root)
    [entry] = answer.json["data"]
    assert answer.json.keys() == {"data", "next_cursor"}
    assert is_prediction_id(entry["id"])
    assert entry == {
        "id": entry["id"],
        "at": "2026-11-23T12:00:00.000Z",
        "event": "login",
        "actor": one.user.id,
        "target": one.user.id,
        "source_ip": "127.0.0.1",
        "request_id": "none",
        "outcome": "ok",
    }


def test_where_nobody_is_known_it_says_null(api: Api, root: Person) -> None:
    api.login("nobody@example.com", PASSWORD)
    [entry] = api.get(AUDIT, root).json["data"]
    assert entry.keys() == SHOWN
    assert (entry["actor"], entry["target"], entry["outcome"]) == (None, None, "failed")


def test_only_superusers_may_look(api: Api, ada: Person, root: Person) -> None:
    assert told(api.get(AUDIT)) == (401, "Unauthorized")
    assert told(api.get(AUDIT, ada)) == (403, "Forbidden")
    assert api.get(AUDIT, root).status == 200


Act = Callable[[Api, World, Person, Person], object]


def succeed_to_sign_in(api: Api, world: World, root: Person, one: Person) -> None:
    sign_in(api, one)


def fail_to_sign_in(api: Api, world: World, root: Person, one: Person) -> None:
    api.login(one.user.email, "wrong")


def be_throttled(api: Api, world: World, root: Person, one: Person) -> None:
    for _ in range(6):
        api.login(one.user.email, "wrong")


def sign_out(api: Api, world: World, root: Person, one: Person) -> None:
    api.post("/v1/auth/jwt/logout", one, raw=b"")


def sign_out_everywhere(api: Api, world: World, root: Person, one: Person) -> None:
    api.post("/v1/auth/logout-all", one, raw=b"")


def end_a_session(api: Api, world: World, root: Person, one: Person) -> None:
    api.delete(f"{ME}/sessions/{one.claims.session_id}", one)


def reuse_a_refresh_token(api: Api, world: World, root: Person, one: Person) -> None:
    first = sign_in(api, one).refresh
    refresh(api, first)
    world.clock.advance(seconds=11)
    refresh(api, first)


def change_the_password(api: Api, world: World, root: Person, one: Person) -> None:
    api.patch(ME, one, {"password": OTHER})


def change_the_address(api: Api, world: World, root: Person, one: Person) -> None:
    api.patch(ME, one, {"email": "new@example.com"})


def be_promoted(api: Api, world: World, root: Person, one: Person) -> None:
    api.patch(f"{USERS}/{one.user.id}", root, {"is_superuser": True})


def be_deactivated(api: Api, world: World, root: Person, one: Person) -> None:
    api.patch(f"{USERS}/{one.user.id}", root, {"is_active": False})


def be_deleted(api: Api, world: World, root: Person, one: Person) -> None:
    api.delete(f"{USERS}/{one.user.id}", root)


def fail_to_reset(api: Api, world: World, root: Person, one: Person) -> None:
    api.post("/v1/auth/reset-password", body={"token": "x", "password": OTHER})


def be_granted_a_model(api: Api, world: World, root: Person, one: Person) -> None:
    api.post("/v1/inference/pair_user_model", root, {"user_id": one.user.id})


def ask_for_all_users(api: Api, world: World, root: Person, one: Person) -> None:
    api.get(USERS, one)


@pytest.mark.parametrize(
    ("act", "event", "actor", "target", "outcome"),
    [
        (succeed_to_sign_in, Event.SIGN_IN, "one", "one", Outcome.OK),
        (fail_to_sign_in, Event.SIGN_IN, "", "one", Outcome.FAILED),
        (be_throttled, Event.SIGN_IN, "", "one", Outcome.THROTTLED),
        (sign_out, Event.SIGN_OUT, "one", "one", Outcome.OK),
        (sign_out_everywhere, Event.SIGN_OUT_ALL, "one", "one", Outcome.OK),
        (end_a_session, Event.SESSION_ENDED, "one", "one", Outcome.OK),
        (reuse_a_refresh_token, Event.REFRESH_REUSED, "", "one", Outcome.FAILED),
        (change_the_password, Event.PASSWORD_CHANGED, "one", "one", Outcome.OK),
        (change_the_address, Event.EMAIL_CHANGED, "one", "one", Outcome.OK),
        (be_promoted, Event.PRIVILEGE_CHANGED, "root", "one", Outcome.OK),
        (be_deactivated, Event.ACTIVE_CHANGED, "root", "one", Outcome.OK),
        (be_deleted, Event.DELETED, "root", "one", Outcome.OK),
        (fail_to_reset, Event.PASSWORD_RESET, "", "", Outcome.FAILED),
        (be_granted_a_model, Event.GRANT_CHANGED, "root", "one", Outcome.OK),
        (ask_for_all_users, Event.DENIED, "one", "GET /v1/users", Outcome.FAILED),
    ],
)
def test_an_event_names_who_did_what_to_whom(
    api: Api,
    world: World,
    root: Person,
    one: Person,
    act: Act,
    event: Event,
    actor: str,
    target: str,
    outcome: Outcome,
) -> None:
    ids = {"root": root.user.id, "one": one.user.id}
    act(api, world, root, one)
    expected = (event, ids.get(actor, actor), ids.get(target, target), outcome)
    assert expected in seen(world)


def test_a_refused_key_is_a_403_of_its_owner(api: Api, world: World, one: Person) -> None:
    body = {"name": "k", "scopes": ["models:read"], "expires_in": 60}
    key = api.post(f"{ME}/api-keys", one, body).json["key"]
    api.get(ME, key)
    denied = (Event.DENIED, one.user.id, "GET /v1/users/me", Outcome.FAILED)
    assert seen(world)[-1] == denied


def test_no_entry_has_an_address_a_password_or_a_token(
    api: Api, world: World, root: Person, one: Person
) -> None:
    for act in (fail_to_sign_in, reuse_a_refresh_token, change_the_address, change_the_password):
        act(api, world, root, one)
    api.login(one.user.email, PASSWORD)
    kept = repr(world.trail.entries)
    for secret in (PASSWORD, OTHER, one.token, one.user.email, "new@example.com", "rt_", "$fake$"):
        assert secret not in kept


def test_the_source_is_the_gateways_word_and_no_header(
    api: Api, world: World, root: Person
) -> None:
    sample = event("api_submit")
    path = "/v1/auth/jwt/login"
    sample["requestContext"] |= {"resourcePath": path}
    sample |= {"path": path, "pathParameters": None, "body": "username=a&password=b"}
    sample["headers"] |= {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": "198.51.100.1",
        "Forwarded": "for=198.51.100.2",
        "X-Real-IP": "198.51.100.3",
    }
    send(sample)
    [entry] = world.trail.entries
    assert entry.source_ip == "203.0.113.7"
    assert entry.request_id == sample["requestContext"]["requestId"]


def found(api: Api, root: Person, **query: Any) -> list[tuple[str, str | None]]:
    """Event and target of what such a search finds."""
    answer = api.get(AUDIT, root, **query)
    assert answer.status == 200, answer.text
    return [(each["event"], each["target"]) for each in answer.json["data"]]


@pytest.fixture
def history(api: Api, world: World, root: Person, one: Person) -> list[Entry]:
    """A sign-in, two failures, and a promotion, a second apart each."""
    for act in (succeed_to_sign_in, fail_to_sign_in, fail_to_sign_in, be_promoted):
        act(api, world, root, one)
        world.clock.advance(seconds=1)
    return world.trail.entries


def test_a_search_finds_by_actor_target_event_and_time(
    api: Api, root: Person, one: Person, history: list[Entry]
) -> None:
    id = one.user.id
    login, promoted = ("login", id), ("privilege.changed", id)
    assert found(api, root) == [promoted, login, login, login]
    assert found(api, root, actor=root.user.id) == [promoted]
    assert found(api, root, actor=id) == [login]
    assert found(api, root, target=id) == [promoted, login, login, login]
    assert found(api, root, event="login") == [login] * 3
    assert found(api, root, event="login", actor=id) == [login]
    assert found(api, root, target=id, event="privilege.changed") == [promoted]
    assert found(api, root, since="2026-11-23T12:00:03Z") == [promoted]
    assert found(api, root, since="2026-11-23T14:00:02+02:00") == [promoted, login]
    assert found(api, root, since="2026-11-23T12:00:04Z") == []
    assert found(api, root, actor="nobody") == []


def test_an_empty_filter_is_none(api: Api, root: Person, history: list[Entry]) -> None:
    assert len(found(api, root, actor="", target="", event="", since="")) == 4


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1960-01-01T00:00:00Z"]
)
def test_since_long_before_there_was_anything_is_everything(
    api: Api, root: Person, history: list[Entry], since: str
) -> None:
    assert len(found(api, root, since=since)) == 4


@pytest.mark.parametrize(
    "query",
    [
        {"event": "nonsense"},
        {"event": "LOGIN"},
        {"since": "yesterday"},
        {"since": "2026-11-23"},
        {"since": "2026-11-23T12:00:00"},
        {"since": "0"},
        {"since": "-1"},
        {"since": "1e400"},
        {"since": "nan"},
        {"since": "2026-13-01T00:00:00Z"},
        {"actor": "x" * 201},
        {"target": "x" * 201},
    ],
)
def test_what_is_no_search_is_a_422(api: Api, root: Person, query: dict[str, Any]) -> None:
    answer = api.get(AUDIT, root, **query)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert answer.json["errors"][0]["pointer"] == f"/{next(iter(query))}"

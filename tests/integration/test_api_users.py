"""Everybody's accounts, for superusers."""

from typing import Any

import pytest

from chalicelib.domain.accounts.letters import Kind
from tests.integration.api import Api
from tests.integration.members import (
    ME,
    OTHER,
    PASSWORD,
    USER,
    USERS,
    a_member,
    is_let_in,
    refresh,
    sign_in,
    told,
)
from tests.samples import a_key
from tests.world import Person, World

METHODS = ("GET", "PATCH", "DELETE")
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def one(world: World) -> Person:
    return a_member(world, is_verified=True)


def at(person: Person) -> str:
    return f"{USERS}/{person.user.id}"


def test_a_user_is_shown_as_they_see_themselves(api: Api, root: Person, one: Person) -> None:
    answer = api.get(at(one), root)
    assert (answer.status, answer.json.keys()) == (200, USER)
    assert answer.json == api.get(ME, one).json


@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_a_401_and_anybody_a_403(
    api: Api, world: World, ada: Person, one: Person, method: str
) -> None:
    assert told(api.ask(method, at(one), None, b"{}")) == (401, "Unauthorized")
    assert told(api.ask(method, at(one), ada, b"{}")) == (403, "Forbidden")
    assert told(api.ask(method, at(ada), ada, b"{}")) == (403, "Forbidden")
    assert world.memory.users[one.user.id] == one.user


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "id",
    [
        NOBODYS,
        "nonsense",
        "1",
        "-1",
        "null",
        "me2",
        "%00",
        "..",
        "'",
        "x" * 3000,
        "00000000000040008000000000000000",
        "{00000000-0000-4000-8000-000000000000}",
        NOBODYS.replace("0", "\u0660"),
    ],
)
def test_a_missing_or_malformed_id_is_a_404(api: Api, root: Person, method: str, id: str) -> None:
    answer = api.ask(method, f"{USERS}/{id}", root, b'{"email": 1}')
    assert told(answer) == (404, "Not Found")
    assert api.ask(method, f"{USERS}/{id}", None).status == 401


def test_an_id_is_one_id_in_every_spelling(api: Api, root: Person, one: Person) -> None:
    for spelling in (one.user.id.upper(), one.user.id.replace("-", "")):
        assert api.get(f"{USERS}/{spelling}", root).json["id"] == one.user.id


@pytest.mark.parametrize(
    "change", [{"is_superuser": True}, {"is_verified": False}, {"email": "new@example.com"}]
)
def test_a_superuser_changes_what_is_sent_and_nothing_else(
    api: Api, world: World, root: Person, one: Person, change: dict[str, Any]
) -> None:
    before = api.get(at(one), root).json
    answer = api.patch(at(one), root, {**change, "id": "x", "unknown": 1})
    unproven = {"is_verified": False} if "email" in change else {}
    assert answer.status == 200
    assert answer.json == {**before, **change, **unproven}
    assert is_let_in(api, one)


@pytest.mark.parametrize("body", [{}, {"password": None}, {"current_password": "x"}])
def test_what_is_not_sent_is_not_touched(
    api: Api, world: World, root: Person, one: Person, body: dict[str, Any]
) -> None:
    assert api.patch(at(one), root, body).status == 200
    assert world.memory.users[one.user.id] == one.user


def test_an_address_may_be_changed_and_vouched_for_at_once(
    api: Api, root: Person, one: Person
) -> None:
    answer = api.patch(at(one), root, {"email": "new@example.com", "is_verified": True})
    assert answer.json["is_verified"] is True


def test_deactivating_ends_sessions_and_keys_and_reactivating_brings_none_back(
    api: Api, world: World, root: Person, one: Person
) -> None:
    other = sign_in(api, one)
    world.api_keys.add(a_key(one.user))
    for is_active in (False, True):
        assert api.patch(at(one), root, {"is_active": is_active}).status == 200
        assert [is_let_in(api, each) for each in (one, other.access)] == [False, False]
        assert refresh(api, other.refresh).status == 401
    assert api.get("/v1/users/me/api-keys", sign_in(api, one).access).json["data"] == []


def test_a_password_given_by_a_superuser_ends_all_sessions_and_is_told(
    api: Api, world: World, root: Person, one: Person
) -> None:
    assert api.patch(at(one), root, {"password": OTHER}).status == 200
    assert not is_let_in(api, one)
    assert api.login(one.user.email, OTHER).status == 200
    [letter] = world.outbox.letters
    assert (letter.kind, letter.to) == (Kind.PASSWORD_CHANGED, one.user.email)


@pytest.mark.parametrize("body", [{"password": OTHER}, {"email": "new@example.com"}])
def test_ones_own_address_and_password_are_guarded_here_too(
    api: Api, world: World, body: dict[str, str]
) -> None:
    root = a_member(world, is_superuser=True)
    world.clock.advance(seconds=601)
    answer = api.patch(at(root), root, body)
    assert told(answer) == (400, "UPDATE_USER_CURRENT_PASSWORD_REQUIRED")
    assert world.memory.users[root.user.id] == root.user


def test_the_codes_are_those_of_fastapi_users(
    api: Api, world: World, root: Person, one: Person
) -> None:
    taken = api.patch(at(one), root, {"email": root.user.email.upper()})
    weak = api.patch(at(one), root, {"password": "short"})
    assert told(taken) == (400, "UPDATE_USER_EMAIL_ALREADY_EXISTS")
    assert weak.status == 400
    assert weak.json["detail"]["code"] == "UPDATE_USER_INVALID_PASSWORD"
    assert weak.json["detail"].keys() == {"code", "reason"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'{"email": null}',
        b'{"email": []}',
        b'{"is_superuser": "yes"}',
        b'{"is_superuser": 1}',
        b'{"is_superuser": null}',
        b'{"is_active": "false"}',
        b'{"is_active": null}',
        b'{"is_verified": []}',
        b'{"password": 1}',
    ],
)
def test_what_is_no_change_is_a_422(
    api: Api, world: World, root: Person, one: Person, raw: bytes
) -> None:
    answer = api.ask("PATCH", at(one), root, raw)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert world.memory.users[one.user.id] == one.user


def test_a_deleted_user_is_gone_with_all_that_is_theirs(
    api: Api, world: World, root: Person, one: Person
) -> None:
    world.grant(one, "temperature")
    world.api_keys.add(a_key(one.user))
    answer = api.delete(at(one), root)
    assert (answer.status, answer.text) == (204, "")
    assert not is_let_in(api, one)
    assert told(api.get(at(one), root)) == (404, "Not Found")
    assert told(api.delete(at(one), root)) == (404, "Not Found")
    assert [world.memory.grants, world.memory.api_keys] == [{}] * 2
    assert api.post("/v1/auth/register", body=_anew(one)).status == 201


def _anew(person: Person) -> dict[str, str]:
    return {"email": person.user.email, "password": PASSWORD}


def test_who_is_demoted_administers_no_more(api: Api, world: World, root: Person) -> None:
    other = a_member(world, is_superuser=True)
    assert api.get(USERS, other).status == 200
    api.patch(at(other), root, {"is_superuser": False})
    assert told(api.get(USERS, other)) == (403, "Forbidden")


@pytest.mark.parametrize("change", [{"is_superuser": False}, {"is_active": False}])
def test_the_last_superuser_cannot_lose_the_power(
    api: Api, world: World, root: Person, change: dict[str, bool]
) -> None:
    a_member(world, is_superuser=True, is_active=False)
    assert told(api.patch(at(root), root, change)) == (409, "LAST_SUPERUSER")
    assert told(api.delete(at(root), root)) == (409, "LAST_SUPERUSER")
    assert api.get(at(root), root).json["is_superuser"] is True

"""One's own account: `users/me`, as fastapi-users has it, and safe from a stolen token."""

from typing import Any

import pytest

from chalicelib.domain.accounts.letters import Kind
from tests.integration.api import Api
from tests.integration.members import (
    ME,
    OTHER,
    PASSWORD,
    USER,
    a_member,
    is_let_in,
    refresh,
    sign_in,
    told,
)
from tests.samples import a_key
from tests.world import Person, World

REQUIRED = (400, "UPDATE_USER_CURRENT_PASSWORD_REQUIRED")


@pytest.fixture
def one(world: World) -> Person:
    """Has just signed in."""
    return a_member(world, is_verified=True)


@pytest.fixture
def late(world: World, one: Person) -> Person:
    """Signed in more than ten minutes ago."""
    world.clock.advance(seconds=601)
    return one


def test_a_user_is_shown_exactly_so(api: Api, one: Person) -> None:
    answer = api.get(ME, one)
    assert answer.status == 200
    assert answer.json == {
        "id": one.user.id,
        "email": one.user.email,
        "is_active": True,
        "is_superuser": False,
        "is_verified": True,
    }


@pytest.mark.parametrize(
    "body", [{}, {"password": None}, {"current_password": None}, {"unknown": [1]}, {"id": "x"}]
)
def test_what_is_not_sent_is_not_touched(
    api: Api, world: World, late: Person, body: dict[str, Any]
) -> None:
    answer = api.patch(ME, late, body)
    assert (answer.status, answer.json.keys()) == (200, USER)
    assert world.memory.users[late.user.id] == late.user
    assert not world.outbox.letters


@pytest.mark.parametrize("flag", ["is_superuser", "is_verified", "is_active"])
@pytest.mark.parametrize("value", [True, False, None])
def test_nobody_sets_a_privilege_of_themselves(
    api: Api, world: World, one: Person, flag: str, value: bool | None
) -> None:
    answer = api.patch(ME, one, {flag: value})
    assert answer.status == 200
    assert world.memory.users[one.user.id] == one.user


def test_another_address_is_not_verified(api: Api, world: World, one: Person) -> None:
    answer = api.patch(ME, one, {"email": " New@Example.com "})
    assert answer.status == 200
    assert answer.json == {**api.get(ME, one).json, "email": "New@example.com"}
    assert answer.json["is_verified"] is False
    assert api.login("new@example.com", PASSWORD).status == 200
    assert told(api.login(one.user.email, PASSWORD)) == (400, "LOGIN_BAD_CREDENTIALS")


def test_the_old_address_is_told_of_the_new_one(api: Api, world: World, one: Person) -> None:
    api.patch(ME, one, {"email": "new@example.com"})
    [letter] = world.outbox.letters
    assert (letter.kind, letter.to) == (Kind.EMAIL_CHANGED, one.user.email)


def test_the_same_address_again_is_no_change(api: Api, world: World, late: Person) -> None:
    answer = api.patch(ME, late, {"email": late.user.email})
    assert (answer.status, answer.json["is_verified"]) == (200, True)
    assert world.memory.users[late.user.id] == late.user


@pytest.mark.parametrize("spelling", [str, str.upper, str.title, " {} ".format])
def test_the_address_of_another_is_a_400(
    api: Api, world: World, one: Person, spelling: Any
) -> None:
    other = a_member(world)
    answer = api.patch(ME, one, {"email": spelling(other.user.email)})
    assert told(answer) == (400, "UPDATE_USER_EMAIL_ALREADY_EXISTS")
    assert world.memory.users[one.user.id] == one.user


@pytest.mark.parametrize("password", ["", "short", "x" * 300, "lambent lambent lambent"])
def test_a_weak_password_is_a_400_with_its_reason(
    api: Api, world: World, one: Person, password: str
) -> None:
    answer = api.patch(ME, one, {"password": password})
    assert answer.status == 400
    assert answer.json["detail"].keys() == {"code", "reason"}
    assert answer.json["detail"]["code"] == "UPDATE_USER_INVALID_PASSWORD"
    assert world.memory.users[one.user.id] == one.user


def test_a_taken_address_is_told_before_a_weak_password(
    api: Api, world: World, one: Person
) -> None:
    body = {"email": a_member(world).user.email, "password": "short"}
    assert told(api.patch(ME, one, body)) == (400, "UPDATE_USER_EMAIL_ALREADY_EXISTS")


def test_a_new_password_ends_every_session_and_key(api: Api, world: World, one: Person) -> None:
    other, key = sign_in(api, one), a_key(one.user)
    world.api_keys.add(key)
    answer = api.patch(ME, one, {"password": OTHER})
    assert answer.status == 200
    assert not is_let_in(api, one)
    assert not is_let_in(api, other.access)
    assert refresh(api, other.refresh).status == 401
    assert told(api.login(one.user.email, PASSWORD)) == (400, "LOGIN_BAD_CREDENTIALS")
    assert api.login(one.user.email, OTHER).status == 200
    assert [letter.kind for letter in world.outbox.letters] == [Kind.PASSWORD_CHANGED]


@pytest.mark.parametrize("body", [{"password": OTHER}, {"email": "new@example.com"}])
def test_a_stolen_token_alone_changes_neither(
    api: Api, world: World, late: Person, body: dict[str, str]
) -> None:
    assert told(api.patch(ME, late, body)) == REQUIRED
    assert told(api.patch(ME, late, {**body, "current_password": None})) == REQUIRED
    assert told(api.patch(ME, late, {**body, "current_password": ""})) == REQUIRED
    assert told(api.patch(ME, late, {**body, "current_password": OTHER})) == REQUIRED
    assert world.memory.users[late.user.id] == late.user
    assert api.patch(ME, late, {**body, "current_password": PASSWORD}).status == 200


def test_up_to_the_tenth_minute_no_password_is_asked_for(
    api: Api, world: World, one: Person
) -> None:
    world.clock.advance(seconds=599)
    assert api.patch(ME, one, {"email": "new@example.com"}).status == 200


def test_a_refresh_is_no_sign_in(api: Api, world: World, one: Person) -> None:
    session = sign_in(api, one)
    world.clock.advance(seconds=601)
    fresh = refresh(api, session.refresh).json["access_token"]
    assert told(api.patch(ME, fresh, {"email": "new@example.com"})) == REQUIRED


def test_a_wrong_password_is_wrong_also_just_after_signing_in(
    api: Api, world: World, one: Person
) -> None:
    body = {"email": "new@example.com", "current_password": "wrong"}
    assert told(api.patch(ME, one, body)) == REQUIRED


def test_guessing_the_current_password_is_throttled_as_signing_in_is(
    api: Api, late: Person
) -> None:
    guess = {"email": "new@example.com", "current_password": "wrong"}
    seen = [api.patch(ME, late, guess).status for _ in range(7)]
    assert seen == [400] * 5 + [429] * 2
    assert api.login(late.user.email, PASSWORD).status == 429


def test_without_a_body_it_is_a_422(api: Api, one: Person) -> None:
    assert api.ask("PATCH", ME, one).status == 422
    assert api.ask("PATCH", ME, one, b"null").status == 422


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"email": None},
        {"email": ["new@example.com"]},
        {"email": 1},
        {"email": "new"},
        {"password": 1},
        {"password": ["x"]},
        {"password": "x" * 2000},
        {"current_password": {}},
        {"is_superuser": "yes"},
        {"is_verified": 1},
        {"is_active": "true"},
    ],
)
def test_what_is_no_change_is_a_422(api: Api, world: World, one: Person, body: Any) -> None:
    answer = api.patch(ME, one, body)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert isinstance(answer.json["detail"], str)
    assert world.memory.users[one.user.id] == one.user


def test_who_deletes_themselves_is_gone_with_all_that_is_theirs(
    api: Api, world: World, one: Person
) -> None:
    other, key = sign_in(api, one), a_key(one.user)
    world.api_keys.add(key)
    world.grant(one, "temperature")
    answer = api.delete(ME, one)
    assert (answer.status, answer.text) == (204, "")
    assert [is_let_in(api, each) for each in (one, other.access)] == [False, False]
    memory = world.memory
    assert [memory.users, memory.sessions, memory.api_keys, memory.grants] == [{}] * 4
    assert told(api.login(one.user.email, PASSWORD)) == (400, "LOGIN_BAD_CREDENTIALS")


@pytest.mark.parametrize("body", [None, {}, {"current_password": None}, {"current_password": "x"}])
def test_a_stolen_token_alone_does_not_delete(
    api: Api, world: World, late: Person, body: dict[str, Any] | None
) -> None:
    assert told(api.delete(ME, late, body)) == REQUIRED
    assert late.user.id in world.memory.users
    assert api.delete(ME, late, {"current_password": PASSWORD}).status == 204


@pytest.mark.parametrize("raw", [b"null", b"[]", b'{"current_password": 1}'])
def test_what_is_no_deletion_is_a_422(api: Api, world: World, one: Person, raw: bytes) -> None:
    assert api.ask("DELETE", ME, one, raw).status == 422
    assert one.user.id in world.memory.users


def test_the_last_superuser_cannot_delete_themselves(api: Api, world: World) -> None:
    last = a_member(world, is_superuser=True)
    assert told(api.delete(ME, last)) == (409, "LAST_SUPERUSER")
    a_member(world, is_superuser=True)
    assert api.delete(ME, last).status == 204

"""Registering, signing in and out, over HTTP, as fastapi-users has it."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.domain.ids import is_canonical
from tests.integration.api import FORM, Answer, Api
from tests.world import Person, World

REGISTER, LOGIN = "/v1/auth/register", "/v1/auth/jwt/login"
PASSWORD = "correct horse battery"
ADA = {"email": "ada@example.com", "password": PASSWORD}


def login(api: Api, username: str = "ada@example.com", password: str = PASSWORD) -> Answer:
    fields = {"grant_type": "password", "username": username, "password": password}
    return api.post(LOGIN, raw=urlencode(fields).encode(), content_type=FORM)


def token_of(answer: Answer) -> str:
    token: str = answer.json["access_token"]
    return token


def test_a_new_user_is_answered_without_a_password_and_without_privileges(api: Api) -> None:
    answer = api.post(REGISTER, body={**ADA, "is_superuser": True, "is_verified": True, "id": 1})
    assert answer.status == 201
    user = answer.json
    assert is_canonical(user.pop("id"))
    assert user == {
        "email": "ada@example.com",
        "is_active": True,
        "is_superuser": False,
        "is_verified": False,
    }


def test_who_signs_in_gets_a_token_that_says_who_they_are(api: Api) -> None:
    registered = api.post(REGISTER, body=ADA)
    answer = login(api, " ADA@EXAMPLE.COM ")
    assert answer.status == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("bearer", 900)
    assert api.get("/v1/users/me", token_of(answer)).json == registered.json


def test_after_signing_out_the_same_token_is_a_401(api: Api) -> None:
    api.post(REGISTER, body=ADA)
    token, other = token_of(login(api)), token_of(login(api))
    answer = api.post("/v1/auth/jwt/logout", token, raw=b"")
    assert (answer.status, answer.text) == (204, "")
    assert api.get("/v1/users/me", token).status == 401
    assert api.get("/v1/users/me", other).status == 200


def test_an_expired_token_is_a_401(api: Api, world: World) -> None:
    api.post(REGISTER, body=ADA)
    token = token_of(login(api))
    world.clock.advance(seconds=900)
    assert api.get("/v1/users/me", token).status == 401


def test_a_user_who_was_deactivated_is_a_401_from_the_next_request(
    api: Api, world: World, ada: Person
) -> None:
    world.memory.users[ada.user.id] = replace(ada.user, is_active=False)
    assert api.get("/v1/users/me", ada).status == 401


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com"])
def test_a_taken_address_is_a_400_of_fastapi_users(api: Api, world: World, email: str) -> None:
    api.post(REGISTER, body=ADA)
    answer = api.post(REGISTER, body={**ADA, "email": email})
    assert (answer.status, answer.json["detail"]) == (400, "REGISTER_USER_ALREADY_EXISTS")
    assert len(world.memory.users) == 1


@pytest.mark.parametrize("password", ["", "short", "x" * 300, "I am Lovelace, I am"])
def test_a_weak_password_is_a_400_of_fastapi_users_with_its_reason(
    api: Api, world: World, password: str
) -> None:
    answer = api.post(REGISTER, body={"email": "lovelace@example.com", "password": password})
    assert answer.status == 400
    assert answer.json["detail"]["code"] == "REGISTER_INVALID_PASSWORD"
    assert answer.json["detail"]["reason"].startswith("A password ")
    assert not world.memory.users


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"email": "ada@example.com"},
        {"password": PASSWORD},
        {**ADA, "email": None},
        {**ADA, "email": "ada"},
        {**ADA, "email": "ada@example.com\x00"},
        {**ADA, "email": "a" * 400 + "@example.com"},
        {**ADA, "email": ["ada@example.com"]},
        {**ADA, "password": None},
        {**ADA, "password": 123456789012345},
        {**ADA, "password": "x" * 2000},
    ],
)
def test_what_is_no_registration_is_a_422(api: Api, world: World, body: Any) -> None:
    answer = api.post(REGISTER, body=body)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert PASSWORD not in answer.text
    assert not world.memory.users


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ada@example.com", "wrong"),
        ("ada@example.com", ""),
        ("bob@example.com", PASSWORD),
        ("nonsense", PASSWORD),
        ("", ""),
    ],
)
def test_bad_credentials_are_all_the_same_400(api: Api, username: str, password: str) -> None:
    api.post(REGISTER, body=ADA)
    answer = login(api, username, password)
    assert (answer.status, answer.json["detail"]) == (400, "LOGIN_BAD_CREDENTIALS")


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"username=ada%40example.com&password=x", "application/json", 415),
        (json.dumps(ADA).encode(), "application/json", 415),
        (b"username=ada%40example.com", FORM, 422),
        (b"", FORM, 422),
        (b"username=a&password=b&grant_type=client_credentials", FORM, 422),
        (b"username=%ff&password=b", FORM, 400),
        (b"username=a&password=" + b"b" * 2000, FORM, 422),
        (b"username=a&password=" + b"b" * 256 * 1024, FORM, 413),
    ],
)
def test_what_is_no_sign_in_is_refused(
    api: Api, world: World, raw: bytes, content_type: str, status: int
) -> None:
    assert api.post(LOGIN, raw=raw, content_type=content_type).status == status
    assert not world.memory.sessions


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/users/me"), ("POST", "/v1/auth/jwt/logout")]
)
def test_what_needs_a_token_is_a_401_without_one(api: Api, method: str, path: str) -> None:
    answer = api.get(path) if method == "GET" else api.post(path, raw=b"")
    assert (answer.status, answer.json["detail"]) == (401, "Unauthorized")

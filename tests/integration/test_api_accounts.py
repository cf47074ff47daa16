"""Registering, signing in and out, over HTTP, as fastapi-users has it."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.api import wiring
from chalicelib.domain.ids import is_canonical
from tests.integration.api import FORM, Answer, Api
from tests.integration.members import ME, PASSWORD, USER, a_member, is_let_in, told
from tests.world import Person, World

REGISTER, LOGIN, LOGOUT = "/v1/auth/register", "/v1/auth/jwt/login", "/v1/auth/jwt/logout"
ADA = {"email": "ada@example.com", "password": PASSWORD}


def login(api: Api, username: str = "ada@example.com", password: str = PASSWORD) -> Answer:
    return api.login(username, password)


def token_of(answer: Answer) -> str:
    token: str = answer.json["access_token"]
    return token


def test_a_new_user_is_answered_without_a_password_and_without_privileges(api: Api) -> None:
    wished = {"is_superuser": True, "is_verified": True, "is_active": False, "id": 1, "more": []}
    answer = api.post(REGISTER, body={**ADA, **wished})
    assert answer.status == 201
    user = answer.json
    assert user.keys() == USER
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
    assert answer.json.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("bearer", 900)
    assert api.get(ME, token_of(answer)).json == registered.json


def test_the_fields_of_oauth_may_come_along(api: Api) -> None:
    api.post(REGISTER, body=ADA)
    oauth = {"grant_type": "password", "scope": "", "client_id": "cli", "client_secret": "none"}
    form = {"username": "ada@example.com", "password": PASSWORD, **oauth}
    answer = api.post(LOGIN, raw=urlencode(form).encode(), content_type=f"{FORM}; charset=utf-8")
    assert answer.status == 200


def test_after_signing_out_the_same_token_is_a_401(api: Api) -> None:
    api.post(REGISTER, body=ADA)
    token, other = token_of(login(api)), token_of(login(api))
    answer = api.post(LOGOUT, token, raw=b"")
    assert (answer.status, answer.text) == (204, "")
    assert told(api.get(ME, token)) == (401, "Unauthorized")
    assert is_let_in(api, other)


def test_signing_out_twice_is_a_401(api: Api, ada: Person) -> None:
    assert api.post(LOGOUT, ada, raw=b"").status == 204
    assert told(api.post(LOGOUT, ada, raw=b"")) == (401, "Unauthorized")


def test_an_expired_token_is_a_401(api: Api, world: World) -> None:
    api.post(REGISTER, body=ADA)
    token = token_of(login(api))
    world.clock.advance(seconds=900)
    assert api.get(ME, token).status == 401


def test_a_user_who_was_deactivated_is_a_401_from_the_next_request(
    api: Api, world: World, ada: Person
) -> None:
    world.memory.users[ada.user.id] = replace(ada.user, is_active=False)
    assert api.get(ME, ada).status == 401


FULL_WIDTH = "".join(chr(ord(each) + 0xFEE0) for each in "ada")


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com",
        "ADA@example.com",
        "Ada@EXAMPLE.COM",
        "\t ada@example.com \n",
        f"{FULL_WIDTH}@example.com",
        f"{FULL_WIDTH.upper()}@example.com",
        "ada@example\u3002com",
        "ada@\uff45xample.com",
    ],
)
def test_a_taken_address_is_a_400_of_fastapi_users_however_it_is_spelt(
    api: Api, world: World, email: str
) -> None:
    api.post(REGISTER, body=ADA)
    answer = api.post(REGISTER, body={**ADA, "email": email})
    assert told(answer) == (400, "REGISTER_USER_ALREADY_EXISTS")
    assert len(world.memory.users) == 1
    assert login(api, email).status == 200


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@b\u00fccher.example", "ada@XN--bcher-kva.example"),
        ("Stra\u00dfe@example.com", "STRASSE@example.com"),
        ("\u212aelvin@example.com", "kelvin@example.com"),
        ("jose\u0301@example.com", "JOS\u00c9@example.com"),
        ("\ufb01le@example.com", "FILE@example.com"),
    ],
)
def test_all_unicode_spellings_of_an_address_are_one_account(
    api: Api, world: World, one: str, other: str
) -> None:
    assert api.post(REGISTER, body={"email": one, "password": PASSWORD}).status == 201
    again = api.post(REGISTER, body={"email": other, "password": PASSWORD})
    assert told(again) == (400, "REGISTER_USER_ALREADY_EXISTS")
    assert login(api, other).status == 200


@pytest.mark.parametrize("password", ["", "short", "x" * 300, "I am Lovelace, I am"])
def test_a_weak_password_is_a_400_of_fastapi_users_with_its_reason(
    api: Api, world: World, password: str
) -> None:
    answer = api.post(REGISTER, body={"email": "lovelace@example.com", "password": password})
    assert answer.status == 400
    assert answer.json["detail"].keys() == {"code", "reason"}
    assert answer.json["detail"]["code"] == "REGISTER_INVALID_PASSWORD"
    assert answer.json["detail"]["reason"].startswith("A password ")
    assert not world.memory.users


def test_a_weak_password_is_told_before_a_taken_address(api: Api) -> None:
    api.post(REGISTER, body=ADA)
    answer = api.post(REGISTER, body={**ADA, "password": "short"})
    assert answer.json["detail"]["code"] == "REGISTER_INVALID_PASSWORD"


def test_a_password_has_any_characters_and_is_one_whatever_keyboard_it_was_typed_on(
    api: Api,
) -> None:
    composed, decomposed = (
        "Gr\u00fc\u00dfe, \U0001f642 an alle Caf\u00e9s",
        "Gru\u0308\u00dfe, \U0001f642 an alle Cafe\u0301s",
    )
    assert api.post(REGISTER, body={**ADA, "password": decomposed}).status == 201
    assert login(api, password=composed).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
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
        {**ADA, "is_superuser": "yes"},
        {**ADA, "is_active": 1},
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
        ("ada@example.com", PASSWORD.upper()),
        ("ada@example.com", PASSWORD + " "),
        ("bob@example.com", PASSWORD),
        ("nonsense", PASSWORD),
        ("", ""),
    ],
)
def test_bad_credentials_are_all_the_same_400(api: Api, username: str, password: str) -> None:
    api.post(REGISTER, body=ADA)
    answer = login(api, username, password)
    assert told(answer) == (400, "LOGIN_BAD_CREDENTIALS")
    assert answer.json["code"] == "bad-credentials"


def test_an_inactive_user_is_told_no_more_than_nobody(api: Api, world: World) -> None:
    one = a_member(world, is_active=False)
    answers = [login(api, one.user.email), login(api, "nobody@example.com")]
    assert [told(answer) for answer in answers] == [(400, "LOGIN_BAD_CREDENTIALS")] * 2


def test_as_much_is_compared_for_nobody_as_for_somebody(api: Api, world: World) -> None:
    one = a_member(world)
    for email in (one.user.email, "nobody@example.com", "nonsense"):
        world.passwords.compared.clear()
        login(api, email, "wrong")
        assert len(world.passwords.compared) == 1


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"username=ada%40example.com&password=x", "application/json", 415),
        (json.dumps(ADA).encode(), "application/json", 415),
        (b"", "application/json", 422),
        (b"", "", 422),
        (b"username=ada%40example.com", FORM, 422),
        (b"", FORM, 422),
        (b"username=a&password=b&grant_type=client_credentials", FORM, 422),
        (b"username=a&password=b&grant_type=refresh_token", FORM, 422),
        (b"username=%ff&password=b", FORM, 400),
        (b"username=%ED%A0%80&password=b", FORM, 400),
        (b"username=a&password=b&password=c", FORM, 400),
        (b"username=a&password=" + b"b" * 2000, FORM, 422),
        (b"username=a&password=" + b"b" * 256 * 1024, FORM, 413),
    ],
)
def test_what_is_no_sign_in_is_refused(
    api: Api, world: World, raw: bytes, content_type: str, status: int
) -> None:
    answer = api.post(LOGIN, raw=raw, content_type=content_type)
    codes = {400: "bad-request", 413: "too-large", 415: "unsupported-media-type", 422: "invalid"}
    assert (answer.status, answer.json["code"]) == (status, codes[status])
    assert not world.memory.sessions


@pytest.fixture
def strict(world: World) -> World:
    """Addresses have to be proven here."""
    strict = World(world.catalogue, require_verification=True)
    wiring.use(strict.services())
    return strict


def test_who_is_not_verified_is_told_so_only_after_the_right_password(
    api: Api, strict: World
) -> None:
    one = a_member(strict)
    assert told(login(api, one.user.email, "wrong")) == (400, "LOGIN_BAD_CREDENTIALS")
    assert told(login(api, one.user.email)) == (400, "LOGIN_USER_NOT_VERIFIED")
    assert not [key for key in strict.memory.sessions if key[1] != one.claims.session_id]


def test_who_is_not_verified_is_a_403_wherever_a_user_is_needed(api: Api, strict: World) -> None:
    one, other = a_member(strict), a_member(strict, is_verified=True)
    for path in (ME, "/v1/models", "/v1/users/me/sessions"):
        assert told(api.get(path, one)) == (403, "Forbidden")
        assert api.get(path, other).status == 200


def test_where_it_is_not_required_the_unverified_are_let_in(api: Api, world: World) -> None:
    one = a_member(world)
    assert login(api, one.user.email).status == 200
    assert is_let_in(api, one)


def test_the_sixth_failure_has_to_wait_and_a_live_session_does_not(api: Api, world: World) -> None:
    one = a_member(world)
    seen = [login(api, one.user.email, "wrong").status for _ in range(6)]
    refused = login(api, one.user.email)
    assert seen == [400] * 5 + [429]
    assert (refused.status, refused.json["code"]) == (429, "too-many-attempts")
    assert int(refused.headers["Retry-After"]) >= 1
    assert is_let_in(api, one)


@pytest.mark.parametrize("email", ["nobody@example.com", "NOBODY@Example.com ", "no address"])
def test_an_unknown_account_meets_the_same_429(api: Api, world: World, email: str) -> None:
    spellings = [email, email.upper(), f" {email}"]
    answers = [login(api, spellings[n % 3], "wrong") for n in range(7)]
    assert [each.status for each in answers] == [400] * 5 + [429] * 2
    assert answers[5].headers["Retry-After"] == "1"


@pytest.mark.parametrize(("method", "path"), [("GET", ME), ("POST", LOGOUT)])
def test_what_needs_a_token_is_a_401_without_one(api: Api, method: str, path: str) -> None:
    answer = api.ask(method, path)
    assert told(answer) == (401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lambent"'

"""Bad input to the routes of accounts: 4xx, never 5xx, and no secret comes back."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.integration.api import FORM, JSON, Answer, Api
from tests.integration.members import ME, PASSWORD, USERS, a_member
from tests.world import Person, World

SECRET = "p4ssw0rd that nobody may see"
PUBLIC = [
    ("POST", "/v1/auth/register"),
    ("POST", "/v1/auth/forgot-password"),
    ("POST", "/v1/auth/reset-password"),
    ("POST", "/v1/auth/request-verify-token"),
    ("POST", "/v1/auth/verify"),
    ("POST", "/v1/auth/jwt/refresh"),
]
OWN = [
    ("PATCH", ME),
    ("DELETE", ME),
    ("POST", f"{ME}/api-keys"),
    ("PATCH", f"{USERS}/{{id}}"),
]
WITH_BODY = PUBLIC + OWN
EVERY = [
    *WITH_BODY,
    ("POST", "/v1/auth/jwt/login"),
    ("POST", "/v1/auth/jwt/logout"),
    ("POST", "/v1/auth/logout-all"),
    ("GET", ME),
    ("GET", USERS),
    ("GET", f"{USERS}/{{id}}"),
    ("GET", f"{ME}/sessions"),
    ("DELETE", f"{ME}/sessions/x"),
    ("GET", f"{ME}/api-keys"),
    ("DELETE", f"{ME}/api-keys/x"),
    ("GET", "/v1/admin/audit"),
    ("GET", "/.well-known/jwks.json"),
]


@pytest.fixture
def boss(world: World) -> Person:
    """May ask for anything."""
    a_member(world, is_superuser=True)
    return a_member(world, is_superuser=True)


def ask(api: Api, boss: Person, route: tuple[str, str], raw: bytes, kind: str = JSON) -> Answer:
    method, path = route
    return api.ask(method, path.format(id=boss.user.id), boss, raw, kind)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


FIELDS = ("email", "password", "current_password", "token", "refresh_token", "name", "is_superuser")
"""Every route has at least one of them, and takes nothing of the below for it."""

UNREADABLE = {
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "a lone surrogate": b'"\\ud800"',
    "half a pair": b'"a\\udc00b"',
    "an integer of 100 kB": b"1" * 100_000,
    "a negative one": b"-" + b"9" * 100_000,
    "depth 100,000": nested(100_000),
    "objects in depth": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "no UTF-8": b'"\xff\xfe"',
    "UTF-16": '"a"'.encode("utf-16"),
    "a control character": b'"a\nb"',
    "a single quote": b"'a'",
}
DUPLICATES = [
    b'{"email": "a@example.com", "email": "b@example.com"}',
    b'{"password": "one", "password": "two"}',
    b'{"password": "one", "p\\u0061ssword": "two"}',
    b'{"x": {"y": 1, "y": 1}}',
    b'{"x": [{"is_superuser": true, "is_superuser": false}]}',
]
MISFITS: dict[str, Any] = {
    "a number": 7,
    "a long number": 10**4000,
    "a fraction": 1.5,
    "an array": ["ada@example.com"],
    "an object": {"$ne": ""},
    "depth 100": json.loads(nested(100)),
    "yes": {"is_superuser": "yes"},
}


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_a_400(
    api: Api, boss: Person, route: tuple[str, str], kind: str
) -> None:
    bare = UNREADABLE[kind]
    for raw in (bare, b'{"email": ' + bare + b"}", b'{"x": ' + bare + b"}"):
        assert ask(api, boss, route, raw).status == 400


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
@pytest.mark.parametrize("raw", DUPLICATES)
def test_a_name_that_comes_twice_is_a_400(
    api: Api, boss: Person, route: tuple[str, str], raw: bytes
) -> None:
    assert ask(api, boss, route, raw).status == 400


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
@pytest.mark.parametrize("kind", MISFITS)
def test_a_wrong_type_is_a_422(api: Api, boss: Person, route: tuple[str, str], kind: str) -> None:
    value = MISFITS[kind]
    bare = json.dumps(value).encode()
    wrong = json.dumps(dict.fromkeys(FIELDS, value)).encode()
    assert ask(api, boss, route, wrong).status == 422
    if not isinstance(value, dict):
        assert ask(api, boss, route, bare).status == 422


@pytest.mark.parametrize("route", [*PUBLIC, OWN[0], OWN[2], OWN[3]], ids=" ".join)
@pytest.mark.parametrize("raw", [b"", b"null"])
def test_no_body_and_null_are_a_422(
    api: Api, boss: Person, route: tuple[str, str], raw: bytes
) -> None:
    assert ask(api, boss, route, raw).status == 422


@pytest.mark.parametrize("value", ["yes", "true", "1", 1, 0, [], {}, "\u202eeslaf"])
@pytest.mark.parametrize("flag", ["is_superuser", "is_active", "is_verified"])
def test_a_flag_is_true_or_false_and_nothing_like_it(
    api: Api, world: World, boss: Person, flag: str, value: Any
) -> None:
    body = {flag: value, "email": "x@example.com", "password": PASSWORD}
    assert api.post("/v1/auth/register", body=body).status == 422
    assert api.patch(ME, boss, {flag: value}).status == 422
    assert api.patch(f"{USERS}/{boss.user.id}", boss, {flag: value}).status == 422
    assert world.memory.users[boss.user.id] == boss.user


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        FORM,
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "json",
        "\x00",
    ],
)
def test_another_content_type_is_a_415(
    api: Api, boss: Person, route: tuple[str, str], content_type: str
) -> None:
    assert ask(api, boss, route, b"{}", content_type).status == 415


@pytest.mark.parametrize("route", WITH_BODY, ids=" ".join)
def test_a_password_of_200_kb_is_refused(
    api: Api, world: World, boss: Person, route: tuple[str, str]
) -> None:
    whole = {"email": "x@example.com", "token": "x", "refresh_token": "x", "name": "x"}
    for name in ("password", "current_password", "token", "refresh_token", "email", "name"):
        raw = json.dumps({**whole, name: SECRET * 8000}).encode()
        answer = ask(api, boss, route, raw)
        assert answer.status in (200, 202, 204, 400, 401, 422)
        assert SECRET not in answer.text
    assert not world.passwords.compared


@pytest.mark.parametrize("size", [1025, 200_000])
def test_a_sign_in_with_a_password_of_200_kb_hashes_nothing(
    api: Api, world: World, boss: Person, size: int
) -> None:
    assert api.login(boss.user.email, "x" * size).status == 422
    assert not world.passwords.compared


EMAILS = [
    "ada@example.com\r\nBcc: eve@example.com",
    "ada\r\n@example.com",
    "ada@exa\nmple.com",
    "a\u202eda@example.com",
    "ada@\u202eexample.com",
    "a\u2066da\u2069@example.com",
    "a\u200bda@example.com",
    "a\u00adda@example.com",
    "\ufeffada@example.com",
    "ada@example.com\x00",
    "ada\x7f@example.com",
    "ada@@example.com",
    "ada@example..com",
    "ada@-example.com",
    "ada@example",
    "ada@localhost",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    '"ada lovelace"@example.com',
    "Ada <ada@example.com>",
    "ada@example.com,eve@example.com",
    "ada@example.com; eve@example.com",
    ".ada@example.com",
    "ada @example.com",
    "@example.com",
    "ada@",
    "@",
    "",
    " ",
    "a" * 250 + "@example.com",
    "ada@" + "x" * 64 + ".com",
    "a@" + "b." * 200 + "com",
    "\u0301ada@example.com",
    "\U000e0041da@example.com",
    "\ue000@example.com",
]


@pytest.mark.parametrize("email", EMAILS, ids=ascii)
def test_what_is_no_address_is_a_422_and_gets_no_mail(
    api: Api, world: World, boss: Person, email: str
) -> None:
    users = dict(world.memory.users)
    register = {"email": email, "password": PASSWORD}
    assert api.post("/v1/auth/register", body=register).status == 422
    for path in ("/v1/auth/forgot-password", "/v1/auth/request-verify-token"):
        assert api.post(path, body={"email": email}).status == 422
    assert api.patch(ME, boss, {"email": email}).status == 422
    assert api.patch(f"{USERS}/{boss.user.id}", boss, {"email": email}).status == 422
    assert api.login(email, PASSWORD).status in (400, 422)
    assert world.memory.users == users
    assert not world.outbox.letters


def test_an_address_that_grows_a_lot_in_its_normal_form_is_one_account(
    api: Api, world: World
) -> None:
    """U+FDFA is eighteen letters in NFKC."""
    body = {"email": "\ufdfa" * 60 + "@example.com", "password": PASSWORD}
    assert api.post("/v1/auth/register", body=body).status == 201
    assert api.post("/v1/auth/register", body=body).status == 400
    assert api.login(body["email"], PASSWORD).status == 200


UNSHOWABLE = ["\u202eevil", "a\r\nBcc: x", "\x00", "\x1b[2J", "", " ", " base", "base "]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\U0001f642" * 100])
def test_the_name_of_a_key_is_any_text_and_only_that(api: Api, boss: Person, name: str) -> None:
    body = {"name": name, "scopes": ["models:read"], "expires_in": 60}
    answer = api.post(f"{ME}/api-keys", boss, body)
    assert answer.status == 201
    assert answer.json["name"] == name
    assert "<script>" not in answer.headers["Content-Type"]


@pytest.mark.parametrize("name", UNSHOWABLE)
def test_the_name_of_a_policy_can_be_told_from_others(api: Api, boss: Person, name: str) -> None:
    assert api.post("/v1/access-policies", boss, {"name": name}).status == 422


@pytest.mark.parametrize("name", UNSHOWABLE)
def test_the_name_of_a_key_can_be_printed(api: Api, boss: Person, name: str) -> None:
    body = {"name": name, "scopes": ["models:read"], "expires_in": 60}
    assert api.post(f"{ME}/api-keys", boss, body).status == 422


def echoes(api: Api, boss: Person) -> list[Answer]:
    """Refusals of requests that held a secret."""
    found = [
        api.post("/v1/auth/register", body={"email": "no address", "password": SECRET}),
        api.post("/v1/auth/register", body={"email": boss.user.email, "password": SECRET}),
        api.post("/v1/auth/register", body={"email": "x@example.com", "password": [SECRET]}),
        api.post("/v1/auth/register", body={"email": "x@example.com", "password": {SECRET: 1}}),
        api.post("/v1/auth/register", raw=f'{{"password": "{SECRET}", '.encode()),
        api.post("/v1/auth/reset-password", body={"token": SECRET, "password": SECRET}),
        api.post("/v1/auth/reset-password", body={"token": [SECRET], "password": SECRET}),
        api.post("/v1/auth/verify", body={"token": SECRET}),
        api.post("/v1/auth/jwt/refresh", body={"refresh_token": SECRET}),
        api.post("/v1/auth/jwt/refresh", body={"refresh_token": [SECRET]}),
        api.post("/v1/auth/jwt/login", raw=f"username=a&pass={SECRET}".encode(), content_type=FORM),
        api.login("x@example.com", SECRET),
        api.login(SECRET, SECRET),
        api.patch(ME, boss, {"email": None, "password": SECRET}),
        api.patch(ME, boss, {"password": SECRET * 20}),
        api.patch(ME, boss, {"email": "y@example.com", "current_password": SECRET}),
        api.patch(f"{USERS}/{boss.user.id}", boss, {"is_active": SECRET}),
        api.delete(ME, boss, {"current_password": SECRET}),
        api.post(f"{ME}/api-keys", boss, {"name": [SECRET], "scopes": [SECRET], "expires_in": 1}),
        api.get(USERS, boss, limit=SECRET),
        api.get(USERS, boss, cursor=SECRET),
        api.get("/v1/admin/audit", boss, event=SECRET, since=SECRET),
        api.get(ME, SECRET),
        api.get(ME, access_token=SECRET),
    ]
    return found


def test_no_refusal_repeats_a_secret(api: Api, boss: Person) -> None:
    for answer in echoes(api, boss):
        assert 400 <= answer.status < 500
        assert "p4ssw0rd" not in answer.text + json.dumps(answer.headers)


def test_no_log_line_repeats_a_secret(api: Api, boss: Person, log: Any) -> None:
    echoes(api, boss)
    assert api.login(boss.user.email, PASSWORD).status == 200
    for secret in ("p4ssw0rd", PASSWORD, boss.user.email, boss.token, "rt_", "$fake$"):
        assert secret not in log.getvalue()


@pytest.mark.parametrize("parameter", ["access_token", "token", "authorization", "api_key", "key"])
def test_a_token_in_the_query_is_none(api: Api, boss: Person, parameter: str) -> None:
    for path in (ME, USERS, "/v1/models"):
        for text in (boss.token, f"Bearer {boss.token}"):
            assert api.get(f"{path}?{urlencode({parameter: text})}").status == 401


@pytest.mark.parametrize(
    "header", ["Cookie", "X-Api-Key", "Proxy-Authorization", "X-Authorization"]
)
def test_a_token_in_another_header_is_none(api: Api, boss: Person, header: str) -> None:
    assert api.get(ME, headers={header: f"Bearer {boss.token}"}).status == 401


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.sampled_from(
    ["ada@example.com", "a@b.c", PASSWORD, "x" * 52, "rt_", "lk_", ["models:read"], 60, True]
)
BODIES = st.fixed_dictionaries(
    {}, optional={name: JSON_VALUES | NEARLY for name in (*FIELDS, "scopes", "expires_in")}
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    st.sampled_from(EVERY), st.binary(max_size=60) | BODIES.map(lambda b: json.dumps(b).encode())
)
@examples(max_examples=400)
def test_no_body_gets_a_5xx(route: tuple[str, str], raw: bytes) -> None:
    for api in SERVED:
        boss = a_member(api.world, is_superuser=True)
        kind = FORM if route[1].endswith("login") else JSON
        assert ask(api, boss, route, raw, kind).status < 500


@given(
    st.dictionaries(
        st.sampled_from(
            ["limit", "cursor", "email", "is_active", "actor", "target", "event", "since"]
        ),
        TEXTS,
    )
)
def test_no_query_gets_a_5xx(query: dict[str, Any]) -> None:
    for api in SERVED:
        boss = a_member(api.world, is_superuser=True)
        for path in (USERS, f"{ME}/sessions", "/v1/admin/audit"):
            assert api.get(path, boss, **query).status in (200, 422)


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=80))
def test_no_authorization_gets_a_5xx_or_in(text: str) -> None:
    for api in SERVED:
        for value in (text, f"Bearer {text}", f"Bearer lk_{text}", f"Bearer fake.{text}"):
            assert api.get(ME, headers={"Authorization": value}).status == 401


SERVED: list[Api] = []
"""Who answers the properties above; one for all their examples."""


@pytest.fixture(autouse=True)
def _served(api: Api) -> Any:
    a_member(api.world, is_superuser=True)
    SERVED[:] = [api]
    yield
    SERVED.clear()

"""Which refusal comes first: each request is wrong in two ways, and the earlier one is told."""

from typing import Any

import pytest

from tests.integration.api import FORM, JSON, Api
from tests.integration.members import ME, PASSWORD, USERS, a_member, told
from tests.world import Person, World

LARGE = b"x" * (256 * 1024 + 1)
NOBODY = f"{USERS}/00000000-0000-4000-8000-000000000000"
TAKEN = "taken@example.com"


@pytest.fixture
def who(world: World, ada: Person, root: Person) -> dict[str, Person | None]:
    a_member(world, email=TAKEN)
    return {"nobody": None, "ada": ada, "root": root}


ORDER = [
    # 401 before 403, 404, 413, 415, 400, 422
    ("nobody", "GET", USERS, b"", JSON, 401),
    ("nobody", "GET", NOBODY, b"", JSON, 401),
    ("nobody", "PATCH", ME, LARGE, JSON, 401),
    ("nobody", "PATCH", ME, b"{}", "text/plain", 401),
    ("nobody", "PATCH", ME, b"{", JSON, 401),
    ("nobody", "PATCH", ME, b"[]", JSON, 401),
    ("nobody", "GET", f"{USERS}?limit=0", b"", JSON, 401),
    # 403 before 404, 413, 415, 400, 422
    ("ada", "GET", NOBODY, b"", JSON, 403),
    ("ada", "PATCH", NOBODY, LARGE, JSON, 403),
    ("ada", "PATCH", NOBODY, b"{}", "text/plain", 403),
    ("ada", "PATCH", NOBODY, b"{", JSON, 403),
    ("ada", "PATCH", NOBODY, b"[]", JSON, 403),
    ("ada", "GET", f"{USERS}?limit=0", b"", JSON, 403),
    # 404 before 413, 415, 400, 422
    ("root", "PATCH", NOBODY, LARGE, JSON, 404),
    ("root", "PATCH", NOBODY, b"{}", "text/plain", 404),
    ("root", "PATCH", NOBODY, b"{", JSON, 404),
    ("root", "PATCH", NOBODY, b"[]", JSON, 404),
    # 413 before 415 and 400
    ("root", "PATCH", ME, LARGE, "text/plain", 413),
    ("root", "PATCH", ME, LARGE, JSON, 413),
    ("nobody", "POST", "/v1/auth/register", LARGE, "text/plain", 413),
    ("nobody", "POST", "/v1/auth/jwt/login", LARGE, JSON, 413),
    ("nobody", "POST", "/v1/auth/jwt/login", LARGE, FORM, 413),
    # 415 before 400 and 422
    ("root", "PATCH", ME, b"{", "text/plain", 415),
    ("root", "PATCH", ME, b"[]", "text/plain", 415),
    ("nobody", "POST", "/v1/auth/register", b"{", "text/plain", 415),
    ("nobody", "POST", "/v1/auth/register", b"[]", FORM, 415),
    ("nobody", "POST", "/v1/auth/jwt/login", b"%ff", JSON, 415),
    ("nobody", "POST", "/v1/auth/jwt/login", b"username=a", JSON, 415),
    # 400 (unparsable) before 422
    ("root", "PATCH", ME, b'{"email": null, "email": 1}', JSON, 400),
    ("root", "PATCH", ME, b'{"email": NaN}', JSON, 400),
    ("nobody", "POST", "/v1/auth/register", b'{"email": 1, "email": 2}', JSON, 400),
    ("nobody", "POST", "/v1/auth/jwt/login", b"username=a&username=b", FORM, 400),
]


@pytest.mark.parametrize(("name", "method", "path", "raw", "content_type", "status"), ORDER)
def test_of_two_faults_the_earlier_is_told(
    api: Api,
    who: dict[str, Person | None],
    name: str,
    method: str,
    path: str,
    raw: bytes,
    content_type: str,
    status: int,
) -> None:
    answer = api.ask(method, path, who[name], raw, content_type)
    assert (answer.status, answer.json["status"]) == (status, status)


CODES: list[tuple[str, dict[str, Any]]] = [
    ("/v1/auth/register", {"email": TAKEN, "password": 1}),
    ("/v1/auth/register", {"email": 1, "password": "short"}),
    ("/v1/auth/reset-password", {"token": "wrong", "password": 1}),
    ("/v1/auth/reset-password", {"token": 1, "password": "short"}),
]


@pytest.mark.parametrize(("path", "body"), CODES)
def test_a_misfit_is_told_before_any_code(
    api: Api, who: dict[str, Person | None], path: str, body: dict[str, Any]
) -> None:
    assert api.post(path, body=body).status == 422


@pytest.mark.parametrize(
    "body",
    [
        {"email": TAKEN, "password": 1},
        {"email": 1, "password": "short"},
        {"email": TAKEN, "is_active": 1},
    ],
)
def test_a_misfit_of_a_change_is_told_before_any_code(
    api: Api, root: Person, who: dict[str, Person | None], body: dict[str, Any]
) -> None:
    assert api.patch(ME, root, body).status == 422
    assert api.patch(f"{USERS}/{root.user.id}", root, body).status == 422


def test_a_misfit_of_a_sign_in_is_told_before_its_code(api: Api) -> None:
    raw = b"username=nobody%40example.com&password=wrong&grant_type=implicit"
    assert api.post("/v1/auth/jwt/login", raw=raw, content_type=FORM).status == 422


def test_the_present_password_is_asked_for_before_the_other_codes(
    api: Api, world: World, who: dict[str, Person | None]
) -> None:
    one = a_member(world)
    world.clock.advance(seconds=601)
    required = (400, "UPDATE_USER_CURRENT_PASSWORD_REQUIRED")
    assert told(api.patch(ME, one, {"email": TAKEN})) == required
    assert told(api.patch(ME, one, {"password": "short"})) == required
    proven = {"current_password": PASSWORD, "email": TAKEN, "password": "short"}
    assert told(api.patch(ME, one, proven)) == (400, "UPDATE_USER_EMAIL_ALREADY_EXISTS")


def test_a_misfit_costs_no_attempt(api: Api, world: World) -> None:
    one = a_member(world)
    world.clock.advance(seconds=601)
    for _ in range(10):
        assert api.patch(ME, one, {"email": 1, "current_password": "wrong"}).status == 422
    assert api.login(one.user.email, PASSWORD).status == 200


REFUSALS = [
    ("nobody", "GET", ME, b"", 401, "unauthorized", "Unauthorized"),
    ("ada", "GET", USERS, b"", 403, "forbidden", "Forbidden"),
    ("root", "GET", NOBODY, b"", 404, "not-found", "Not Found"),
    ("root", "GET", f"{USERS}/nonsense", b"", 404, "not-found", "Not Found"),
]
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}


@pytest.mark.parametrize(("name", "method", "path", "raw", "status", "code", "detail"), REFUSALS)
def test_a_refusal_is_a_problem_document_in_the_words_of_fastapi_users(
    api: Api,
    who: dict[str, Person | None],
    name: str,
    method: str,
    path: str,
    raw: bytes,
    status: int,
    code: str,
    detail: str,
) -> None:
    answer = api.ask(method, path, who[name], raw)
    assert answer.json.keys() == MEMBERS
    assert answer.json == {
        **answer.json,
        "type": f"urn:lambent:problem:{code}",
        "status": answer.status,
        "code": code,
        "detail": detail,
        "instance": path,
    }
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="lambent"'),
        ("Bearer nonsense", 'Bearer realm="lambent", error="invalid_token"'),
        ("Bearer lk_nonsense", 'Bearer realm="lambent", error="invalid_token"'),
    ],
)
def test_a_401_is_challenged_and_no_other_refusal_is(
    api: Api, ada: Person, authorization: str | None, challenge: str
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for path in (ME, USERS, f"{ME}/sessions", f"{ME}/api-keys", "/v1/admin/audit"):
        assert api.get(path, headers=headers).headers["WWW-Authenticate"] == challenge
    assert "WWW-Authenticate" not in api.get(USERS, ada).headers


def test_nothing_personal_may_be_stored(api: Api, world: World, root: Person) -> None:
    one = a_member(world, is_superuser=True)
    key = {"name": "k", "scopes": ["models:read"], "expires_in": 60}
    answers = [
        api.login(one.user.email, PASSWORD),
        api.login(one.user.email, "wrong"),
        api.post("/v1/auth/register", body={"email": "new@example.com", "password": PASSWORD}),
        api.post("/v1/auth/forgot-password", body={"email": one.user.email}),
        api.post("/v1/auth/jwt/refresh", body={"refresh_token": "x"}),
        api.get(ME, one),
        api.patch(ME, one, {}),
        api.get(USERS, one),
        api.get(f"{USERS}/{one.user.id}", one),
        api.get(f"{ME}/sessions", one),
        api.post(f"{ME}/api-keys", one, key),
        api.get(f"{ME}/api-keys", one),
        api.get("/v1/admin/audit", one),
        api.get("/v1/models", one),
        api.delete(ME, one),
    ]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer.status for answer in answers} <= {200, 201, 202, 204, 400, 401}

"""API keys in place of tokens, for what their scopes say and nothing else."""

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import Account, somebody
from tests.e2e.predictions import PLACE, finished


@pytest.fixture
def owner(lambent: Lambent) -> Account:
    one = somebody(lambent, "owner")
    assert lambent.run("grant", one.email, "temperature").returncode == 0
    return one


def with_key(owner: Account, *scopes: str) -> httpx.Client:
    url = owner.lambent.workspace.public_url
    bearer = {"Authorization": f"Bearer {owner.api_key(*scopes)}"}
    client = httpx.Client(base_url=url, headers=bearer, timeout=30)
    return owner.lambent.closing.enter_context(client)


def test_a_key_predicts_and_reads(owner: Account) -> None:
    client = with_key(owner, "predictions:write", "predictions:read")

    accepted = client.post("/v1/models/temperature/predictions", json={"input": PLACE})

    assert accepted.status_code == 202
    assert finished(client, accepted.json()["id"])["status"] == "succeeded"
    seed = client.post("/v1/inference/predict-temp/2", json=PLACE)
    assert seed.status_code == 200


def test_a_scope_that_it_lacks_is_a_403_that_names_it(owner: Account) -> None:
    client = with_key(owner, "models:read")

    refused = client.post("/v1/models/temperature/predictions", json={"input": PLACE})

    assert client.get("/v1/models").status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert "predictions:write" in refused.json()["detail"]


ACCOUNT_ROUTES = (
    ("GET", "/v1/users/me", None),
    ("PATCH", "/v1/users/me", {"password": "another long and private sentence"}),
    ("DELETE", "/v1/users/me", None),
    ("POST", "/v1/users/me/api-keys", {"name": "x", "scopes": ["models:read"]}),
    ("GET", "/v1/users/me/api-keys", None),
    ("GET", "/v1/users/me/sessions", None),
    ("POST", "/v1/auth/jwt/logout", None),
    ("POST", "/v1/auth/logout-all", None),
    ("GET", "/v1/users", None),
    ("GET", "/v1/admin/audit", None),
)


def test_a_superusers_key_reaches_no_account(lambent: Lambent) -> None:
    one = somebody(lambent, "powerful")
    client = with_key(one, "models:read", "predictions:read", "predictions:write")
    lambent.run("users", "promote", one.email)

    refused = [client.request(method, path, json=body) for method, path, body in ACCOUNT_ROUTES]

    assert {(each.status_code, each.json()["detail"]) for each in refused} == {(403, "Forbidden")}
    assert one.is_let_in()


def test_a_key_is_shown_once_listed_and_revoked_at_once(owner: Account) -> None:
    client = with_key(owner, "models:read")
    client.get("/v1/models")
    listed = owner.ask("GET", "/v1/users/me/api-keys").json()["data"]

    assert [set(each) for each in listed] == [
        {"id", "name", "scopes", "created_at", "expires_at", "last_used_at"}
    ]
    assert listed[0]["last_used_at"] is not None
    revoked = owner.ask("DELETE", f"/v1/users/me/api-keys/{listed[0]['id']}")
    assert revoked.status_code == 204
    assert client.get("/v1/models").status_code == 401
    assert owner.mails()[-1]["subject"] == "A new Lambent API key"


def test_the_command_line_lists_and_revokes(lambent: Lambent, owner: Account) -> None:
    client = with_key(owner, "models:read")

    listed = lambent.run("api-keys", "ls", owner.email)
    revoked = lambent.run("api-keys", "revoke", owner.email)

    assert "tests" in listed.stdout
    assert revoked.returncode == 0
    assert client.get("/v1/models").status_code == 401

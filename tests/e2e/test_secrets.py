"""What may not be known is nowhere to be read: not in logs, the audit trail, mails or answers."""

import json
from collections.abc import Iterator

import boto3
import httpx

from tests.e2e.conftest import Lambent
from tests.e2e.people import REFRESH, Account, somebody

NEXT = "another long and private sentence"


def test_no_log_audit_item_or_mail_has_a_secret(lambent: Lambent, admin: httpx.Client) -> None:
    one = somebody(lambent, "discreet")
    secrets = [one.password, NEXT, *_secrets_of(one)]

    lines = lambent.run("logs", "--json", "--lines", "100000").stdout
    trail = json.dumps(list(_audit(admin)))
    mails = json.dumps(one.mails())

    assert one.id in lines
    assert one.id in trail
    for text in (lines, trail, mails):
        assert not [secret for secret in secrets if secret in text]
        assert "$argon2" not in text
        assert "eyJ" not in text


def test_no_table_has_a_secret_but_as_a_digest(lambent: Lambent) -> None:
    one = somebody(lambent, "hashed")
    secrets = [one.password, *_secrets_of(one)]

    rows = json.dumps(list(_rows(lambent)), default=str)

    assert one.id in rows
    assert not [secret for secret in secrets if secret in rows]


def test_no_refusal_repeats_a_password(lambent: Lambent) -> None:
    one = somebody(lambent, "echo")
    secret = "p4ssw0rd that nobody may see"
    asked = [
        one.http.post("/v1/auth/register", json={"email": "no address", "password": secret}),
        one.http.post("/v1/auth/register", json={"email": one.email, "password": [secret]}),
        one.try_to_sign_in(secret),
        one.ask("PATCH", "/v1/users/me", json={"email": None, "password": secret}),
        one.ask("PATCH", "/v1/users/me", json={"password": secret * 10}),
        one.http.post("/v1/auth/reset-password", json={"token": secret, "password": secret}),
        one.http.post(REFRESH, json={"refresh_token": secret}),
        one.http.get("/v1/users/me", headers={"Authorization": f"Bearer {secret}"}),
        one.http.get(f"/v1/users/me?access_token={one.tokens['access_token']}"),
    ]

    assert {400 <= answer.status_code < 500 for answer in asked} == {True}
    assert not [answer.text for answer in asked if "p4ssw0rd" in answer.text]


def _secrets_of(one: Account) -> list[str]:
    """Every secret that this account is given in its life."""
    key = one.api_key("models:read")
    one.http.get("/v1/models", headers={"Authorization": f"Bearer {key}"})
    first = one.tokens
    one.tokens = one.http.post(REFRESH, json={"refresh_token": first["refresh_token"]}).json()
    one.try_to_sign_in("wrong password no. 1")
    body = {"password": NEXT, "current_password": one.password}
    one.ask("PATCH", "/v1/users/me", json=body)
    both = [tokens[name] for tokens in (first, one.tokens) for name in tokens if "token" in name]
    return [key, "wrong password no. 1", *(text for text in both if text != "bearer")]


def _audit(admin: httpx.Client) -> Iterator[dict[str, object]]:
    url = "/v1/admin/audit?limit=100"
    while True:
        page = admin.get(url)
        yield from page.json()["data"]
        if page.json()["next_cursor"] is None:
            return
        url = page.headers["link"].partition(">")[0].removeprefix("<")


def _rows(lambent: Lambent) -> Iterator[object]:
    dynamodb = boto3.client(
        "dynamodb",
        endpoint_url=lambent.workspace.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for name in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name):
            yield from page["Items"]

"""What may not be known is nowhere to be read: not in logs, the audit trail, mails or answers."""

import json
import subprocess
from collections.abc import Iterator
from zipfile import ZipFile

import httpx

from infra.workspace import ROOT
from tests.e2e.conftest import Lambent
from tests.e2e.people import REFRESH, Account, somebody
from tests.emulators import aws

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


def test_no_archive_and_no_tracked_file_has_a_secret(lambent: Lambent) -> None:
    held = json.loads((lambent.workspace.local_dir / "credentials.json").read_text())
    signing = aws(lambent.workspace, "secretsmanager").get_secret_value(SecretId=_signing(lambent))
    secrets = [each["password"] for each in held]
    secrets += list(json.loads(signing["SecretString"]).values())

    texts = [*_shipped(), *_tracked()]
    told = [secret for secret in secrets for text in texts if secret.encode() in text]

    assert len(secrets) >= 4
    assert len(texts) > 100
    assert not told


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


def _shipped() -> list[bytes]:
    """Every file of every archive that was built."""
    archives = [ZipFile(path) for path in (ROOT / ".build").rglob("*.zip")]
    return [archive.read(name) for archive in archives for name in archive.namelist()]


def _tracked() -> list[bytes]:
    """Every file that git knows."""
    git = ["git", "ls-files", "-z"]
    names = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [(ROOT / name).read_bytes() for name in names.split("\0") if (ROOT / name).is_file()]


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


def _signing(lambent: Lambent) -> str:
    secrets = aws(lambent.workspace, "secretsmanager").list_secrets()["SecretList"]
    return str(secrets[0]["ARN"])


def _rows(lambent: Lambent) -> Iterator[object]:
    dynamodb = aws(lambent.workspace, "dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name):
            yield from page["Items"]

"""State survives its Lambent: out into a file, everything wiped, and in again."""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.desk import Desk
from tests.e2e.people import Account
from tests.e2e.predictions import PLACE, REFERENCE, finished, predicted
from tests.emulators import aws, eventually, workspace_in

SEEDED = ("admin@example.com", "demo@example.com")
PATIENCE = 90
"""Seconds in which the sweeper's rule comes round."""


def quota(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/models/temperature").json()["quota"]
    return {period: each["used"] for period, each in found.items()}


@dataclass
class Before:
    """What there was when the file was written."""

    ada: Account
    key: str
    passwords: dict[str, str]
    quota: dict[str, Any]
    prediction: dict[str, Any]
    open: str
    file: Path
    told: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lambent]:
    """A Lambent of these tests alone."""
    with ExitStack() as closing:
        lambent = Lambent(workspace_in(tmp_path_factory.mktemp("moved")), closing)
        closing.callback(lambent.run, "down", "--wipe")
        do(lambent, "up")
        yield lambent


def do(lambent: Lambent, *words: str) -> str:
    ran = lambent.run(*words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def before(moved: Lambent, tmp_path_factory: pytest.TempPathFactory) -> Before:
    """Exported, wiped, brought up anew and imported."""
    ada = Account(moved, "ada@example.com").register().sign_in()
    do(moved, "grant", ada.email, "temperature")
    ada.http.headers.update(ada.bearer)
    prediction = predicted(ada.http, "temperature", PLACE)
    stop_sweeping(moved)
    never_queued = Desk(moved, ada).accept(minutes_ago=30)
    file = tmp_path_factory.mktemp("kept") / "state.jsonl.gz"
    passwords = {email: moved.password(email) for email in SEEDED}
    key = ada.api_key("models:read", "predictions:read", "predictions:write")
    before = Before(ada, key, passwords, quota(ada.http), prediction, never_queued.id, file)
    for words in (
        ("data", "export", str(file)),
        ("down", "--wipe"),
        ("up",),
        ("data", "import", str(file), "--replace"),
    ):
        before.told.append(do(moved, *words))
    before.ada = Account(moved, ada.email, ada.password, ada.id).sign_in()
    before.ada.http.headers.update(before.ada.bearer)
    return before


def stop_sweeping(lambent: Lambent) -> None:
    """So that what is open stays open until it is exported."""
    events = aws(lambent.workspace, "events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])


@pytest.mark.parametrize("email", SEEDED)
def test_users_sign_in_with_the_passwords_of_before(
    moved: Lambent, before: Before, email: str
) -> None:
    account = Account(moved, email, before.passwords[email])

    assert (account.try_to_sign_in().status_code, before.ada.is_let_in()) == (200, True)


def test_predictions_are_read_by_their_ids(before: Before) -> None:
    found = before.ada.http.get(f"/v1/predictions/{before.prediction['id']}").json()

    assert found == before.prediction


def test_no_unit_is_used_or_given_back_by_it(before: Before) -> None:
    assert quota(before.ada.http) == before.quota == {"daily": 2, "monthly": 2}


def test_api_keys_of_before_go_on_working(moved: Lambent, before: Before) -> None:
    url = f"{moved.workspace.public_url}/v1/predictions/{before.prediction['id']}"

    assert httpx.get(url, headers={"Authorization": f"Bearer {before.key}"}).status_code == 200


def test_what_was_open_is_ended_by_the_sweeper(before: Before) -> None:
    def has_ended() -> bool:
        found = before.ada.http.get(f"/v1/predictions/{before.open}").json()
        return bool(found["status"] == "succeeded")

    assert eventually(has_ended, seconds=PATIENCE, between=0.5)
    assert finished(before.ada.http, before.open)["output"]["temperature"] == REFERENCE


def test_the_file_is_its_owners_and_has_no_secret(moved: Lambent, before: Before) -> None:
    secret = aws(moved.workspace, "secretsmanager")
    text = gzip.decompress(before.file.read_bytes()).decode()
    held = secret.get_secret_value(SecretId=secret.list_secrets()["SecretList"][0]["ARN"])

    assert before.file.stat().st_mode & 0o777 == 0o600
    assert held["SecretString"] not in text
    assert not any(each in text for each in (*before.passwords.values(), before.ada.password))


def test_an_import_beside_rows_is_refused(moved: Lambent, before: Before) -> None:
    refused = moved.run("data", "import", str(before.file))

    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    assert before.ada.is_let_in()


def test_seeded_passwords_that_are_none_any_more_are_told_and_up_makes_new_ones(
    moved: Lambent, before: Before
) -> None:
    assert all(email in before.told[-1] for email in SEEDED)
    assert {moved.password(email) for email in SEEDED} == {""}

    said = do(moved, "up")

    assert f"new password for {', '.join(SEEDED)}" in said
    new = [Account(moved, email, moved.password(email)).try_to_sign_in() for email in SEEDED]
    assert [each.status_code for each in new] == [200, 200]

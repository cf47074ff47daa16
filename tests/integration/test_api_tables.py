"""The whole API on the real adapters: what would be too long or too old for a table is a 4xx."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.adapters.accounts.counters import CounterTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.outbox import letter_of
from chalicelib.adapters.accounts.postman import SesPostman
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.api import wiring
from chalicelib.domain.accounts.users import Change
from chalicelib.domain.ids import owned_id
from chalicelib.services.accounts.mailing import Mailing
from chalicelib.settings import settings
from tests.integration.api import Answer, Api
from tests.integration.cloud import Cloud
from tests.integration.members import ME, OTHER, PASSWORD, USERS
from tests.samples import NOW
from tests.world import World

ADA, BOSS = "ada@example.com", "boss@example.com"


@dataclass(frozen=True)
class Account:
    """Who is signed in."""

    id: str
    token: str


@pytest.fixture
def real(cloud: Cloud, world: World) -> Iterator[Api]:
    """The app of this process on the tables."""
    settings.cache_clear()
    wiring.use(wiring.compose(cloud.settings))
    yield Api(world)
    wiring.use(None)
    settings.cache_clear()


def account(api: Api, email: str) -> Account:
    made = api.post("/v1/auth/register", body={"email": email, "password": PASSWORD})
    assert made.status == 201, made.text
    return Account(made.json["id"], api.login(email, PASSWORD).json["access_token"])


@pytest.fixture
def ada(real: Api) -> Account:
    return account(real, ADA)


@pytest.fixture
def boss(real: Api) -> Account:
    """A superuser, made as the command line makes one."""
    boss = account(real, BOSS)
    services = wiring.services()
    user = services.users.by_id(boss.id)
    assert user
    services.users.change(user, Change(is_superuser=True))
    return boss


LONG = ("x" * 1000, "x" * 3000, "\u00df" * 600, "0" * 42, "%00")


@pytest.mark.parametrize("id", LONG)
def test_an_id_too_long_for_a_table_is_a_404_and_asked_of_none(
    real: Api, cloud: Cloud, boss: Account, id: str
) -> None:
    """DynamoDB takes keys of 1024 bytes, and the moto of these tests any."""
    cloud.wire.forget()
    for path in (f"{ME}/sessions/{id}", f"{ME}/api-keys/{id}", f"{USERS}/{id}"):
        assert real.delete(path, boss.token).status == 404
    assert cloud.wire.calls == ["BatchGetItem"] * 3
    assert id not in json.dumps(cloud.wire.bodies, ensure_ascii=False)


def test_the_id_of_anothers_session_is_a_404(real: Api, ada: Account, boss: Account) -> None:
    listed = real.get(f"{ME}/sessions", ada.token).json["data"]
    for id in (listed[0]["id"], owned_id(boss.id, NOW)):
        assert real.delete(f"{ME}/sessions/{id}", boss.token).status == 404
    assert real.get(ME, ada.token).status == 200


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0001-01-01T00:00:00Z"},
        {"since": "0001-01-01T00:00:00+23:59"},
        {"since": "9999-12-31T23:59:59-23:59"},
        {"actor": "\U0001f642" * 200},
        {"target": "\x00"},
        {"actor": "x", "target": "y", "event": "login", "since": "2026-01-01T00:00:00Z"},
    ],
)
def test_no_search_of_the_audit_is_too_much(
    real: Api, boss: Account, query: dict[str, Any]
) -> None:
    assert real.get("/v1/admin/audit", boss.token, **query).status == 200


@pytest.mark.parametrize(
    "email", ["\ufdfa" * 64 + "@a.bc", "a" * 64 + "@" + "b" * 63 + ".example.com"]
)
def test_the_longest_addresses_are_accounts(real: Api, boss: Account, email: str) -> None:
    someone = account(real, email)
    again = real.post("/v1/auth/register", body={"email": email.upper(), "password": PASSWORD})
    assert (again.status, again.json["detail"]) == (400, "REGISTER_USER_ALREADY_EXISTS")
    found = real.get(USERS, boss.token, email=email)
    assert [user["id"] for user in found.json["data"]] == [someone.id]
    assert real.delete(ME, someone.token).status == 204
    assert account(real, email).id != someone.id


def followed(api: Api, token: str, path: str) -> list[str]:
    """The ids of every item, by the links."""
    ids = []
    while path:
        answer: Answer = api.get(path, token)
        assert answer.status == 200, answer.text
        ids += [item["id"] for item in answer.json["data"]]
        path = answer.headers.get("Link", "").partition(">")[0].removeprefix("<https://localhost")
    return ids


def test_the_links_of_every_list_lead_to_its_end(real: Api, ada: Account, boss: Account) -> None:
    for _ in range(3):
        real.login(BOSS, PASSWORD)
    for path, count in ((USERS, 2), (f"{ME}/sessions", 4), ("/v1/admin/audit", 7)):
        whole = [item["id"] for item in real.get(path, boss.token).json["data"]]
        assert followed(real, boss.token, f"{path}?limit=1") == whole
        assert len(set(whole)) == count


def mailed(cloud: Cloud) -> str:
    """Deliver what waits; the token of the last mail."""
    users, tokens = UserTable(cloud.dynamodb), OneTimeTokenTable()
    counters = CounterTable(cloud.dynamodb, cloud.settings)
    postman = SesPostman(cloud.ses, cloud.settings.mail_sender)
    mailing = Mailing(users, tokens, counters, postman, wiring.now, cloud.settings)
    queue = {"QueueUrl": cloud.settings.mail_queue_url}
    for message in cloud.sqs.receive_message(**queue, MaxNumberOfMessages=10)["Messages"]:
        letter = letter_of(message["Body"])
        assert letter
        mailing.deliver(letter)
        cloud.sqs.delete_message(**queue, ReceiptHandle=message["ReceiptHandle"])
    found = re.search(r"Your token: (\S+)", cloud.mails()[-1][2])
    assert found
    return found[1]


def test_a_life_of_an_account_from_registration_to_deletion(
    real: Api, cloud: Cloud, ada: Account
) -> None:
    real.post("/v1/auth/request-verify-token", body={"email": ADA})
    proven = real.post("/v1/auth/verify", body={"token": mailed(cloud)})
    assert proven.json["is_verified"] is True
    key = real.post(
        f"{ME}/api-keys",
        ada.token,
        {"name": "nightly \U0001f642", "scopes": ["models:read"], "expires_in": 60},
    )
    assert real.get("/v1/models", key.json["key"]).status == 200
    real.post("/v1/auth/forgot-password", body={"email": ADA.upper()})
    body = {"token": mailed(cloud), "password": OTHER}
    assert [real.post("/v1/auth/reset-password", body=body).status for _ in range(2)] == [200, 400]
    assert real.get("/v1/models", key.json["key"]).status == 401
    assert real.get(ME, ada.token).status == 401
    token = real.login(ADA, OTHER).json["access_token"]
    assert real.delete(ME, token).status == 204
    assert real.login(ADA, OTHER).json["detail"] == "LOGIN_BAD_CREDENTIALS"

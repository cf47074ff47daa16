"""Rows of every other kind: those of before are read, what a later release added survives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.adapters.accounts.api_keys import ApiKeyTable
from chalicelib.adapters.accounts.audit import AuditTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.cache_entries import CacheEntryTable
from chalicelib.adapters.entry_rows import entry_in
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.policies import PolicyTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.submission_rows import batch_in, receipt_in
from chalicelib.adapters.switches import SwitchTable
from chalicelib.adapters.usage import UsageTable
from chalicelib.domain.access import Grant, Policy, Usage
from chalicelib.domain.accounts.one_time import Purpose
from chalicelib.domain.accounts.refresh import Chain
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import Change
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry, Join
from chalicelib.domain.figures import Figure
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.usage import Tally
from chalicelib.services.ports.audit import Search
from chalicelib.services.ports.reading import Wanted
from tests.integration.cloud import Cloud
from tests.samples import NOW, a_grant, a_job, a_prediction, a_success, a_user

USER = "6a0cf5f8-2c53-4e36-9d4b-2f3b1a0c7d10"
BATCH = "019a0000-0000-7000-8000-000000000001"
LEADER = "019a0000-0000-7000-8000-000000000002"
FUTURE = {"priority": {"M": {"class": {"S": "gold"}}}}
"""What no release has written yet."""

KEYS = {
    "accounts": ("pk", "sk"),
    "catalogue": ("pk", "sk"),
    "usage": ("user_id", "period"),
    "predictions": ("id",),
}

Row = Mapping[str, Any]


def text(value: str) -> Row:
    return {"S": value}


def number(value: int) -> Row:
    return {"N": str(value)}


def account(pk: str, sk: str, **facts: Row) -> Row:
    return {"pk": text(pk), "sk": text(sk), **facts}


USER_ROW = account(
    f"user#{USER}",
    "user",
    kind=text("user"),
    email=text("ada@example.com"),
    password_hash=text("$argon2id$"),
    created_at=number(NOW),
    is_active={"BOOL": True},
    is_superuser={"BOOL": False},
    is_verified={"BOOL": True},
    session_version=number(1),
)
SESSION_ROW = account(
    f"user#{USER}",
    "session#s",
    version=number(1),
    created_at=number(NOW),
    expires_at=number(NOW + 1000),
    ttl=number(NOW),
)
KEY_ROW = account(
    f"user#{USER}",
    "key#k",
    version=number(1),
    name=text("robot"),
    scopes=text("models:read"),
    digest=text("d"),
    created_at=number(NOW),
    expires_at=number(NOW + 1000),
    ttl=number(NOW),
)
TOKEN_ROW = account(
    "token#d",
    "reset",
    user_id=text(USER),
    email=text("ada@example.com"),
    session_version=number(1),
    expires_at=number(NOW + 1000),
    is_used={"BOOL": False},
    ttl=number(NOW),
)
GRANT_ROW = account(
    f"user#{USER}",
    "grant#temperature",
    policy_id=number(1),
    granted_at=number(NOW),
    retention_days=number(30),
)
MARKER_ROW = account("policy#1", f"{USER}#temperature")
POLICY_ROW = account(
    "policy", f"{1:010d}", name=text("base"), daily=number(5), retention_days=number(30)
)
MODEL_ROW = account("model", "temperature")
USAGE_ROW: Row = {"user_id": text(USER), "period": text("2026-11#temperature"), "d23": number(1)}
AUDIT_ROW: Row = {
    "id": text("019a0000-0000-7000-8000-000000000003"),
    "kind": text("entry"),
    "at": number(NOW),
    "event": text("login"),
    "source_ip": text("203.0.113.7"),
    "request_id": text("r"),
    "outcome": text("ok"),
    "ttl": number(NOW),
}
RECEIPT_ROW: Row = {
    "id": text("key#abc"),
    "fingerprint": text("f"),
    "made": text(LEADER),
    "ttl": number(NOW // 1000 + 60),
}
ENTRY_ROW: Row = {
    "id": text("cache#abc"),
    "state": text("pending"),
    "leader": text(LEADER),
    "waiters": {"L": []},
    "lifetime": number(600),
    "ttl": number(NOW // 1000 + 60),
}
BATCH_ROW: Row = {
    "id": text(f"batch#{BATCH}"),
    "owner": text(USER),
    "model": text("temperature"),
    "size": number(2),
    "created_at": number(NOW),
    "retained_until": number(NOW + 1000),
    "ttl": number(NOW),
}


@dataclass(frozen=True)
class Rows:
    """What another release left in the tables."""

    cloud: Cloud

    def put(self, table: str, *rows: Row) -> None:
        for row in rows:
            self.cloud.aside.put_item(TableName=table, Item=row)

    def now(self, table: str, row: Row) -> Row:
        """That row as it is stored now."""
        found = self.cloud.item(table, **{name: row[name] for name in KEYS[table]})
        assert found
        return found


@pytest.fixture
def rows(cloud: Cloud) -> Rows:
    return Rows(cloud)


# --- rows of before


def test_a_user_a_session_and_a_grant_of_before_let_somebody_in(cloud: Cloud, rows: Rows) -> None:
    rows.put("accounts", USER_ROW, SESSION_ROW, GRANT_ROW)
    rows.put("usage", USAGE_ROW)
    rows.put("catalogue", MODEL_ROW)

    found = TableReader(cloud.dynamodb, cloud.settings).read(
        Claims(USER, "s", 1), Wanted(models=("temperature",), month="2026-11")
    )

    assert found.user
    assert found.user.email == "ada@example.com"
    assert found.proof
    assert found.grants == {"temperature": Grant(USER, "temperature", 1, NOW)}
    assert found.usage == {"temperature": Usage(0, {23: 1})}
    assert found.disabled == frozenset()


def test_a_key_and_a_mailed_token_of_before_are_good(rows: Rows) -> None:
    rows.put("accounts", KEY_ROW, TOKEN_ROW)

    token = OneTimeTokenTable().find("d", Purpose.RESET)

    assert [key.last_used_at for key in ApiKeyTable().of(USER)] == [None]
    assert token
    assert OneTimeTokenTable().consume(token)


def test_a_policy_of_before_has_no_limit_where_it_names_none(cloud: Cloud, rows: Rows) -> None:
    rows.put("catalogue", POLICY_ROW)

    assert PolicyTable(cloud.dynamodb).all() == [Policy(1, "base", daily=5, monthly=None)]


def test_an_entry_of_the_audit_trail_about_nobody_is_listed(rows: Rows) -> None:
    rows.put("audit", AUDIT_ROW)

    [entry] = AuditTable().page(Search(), 5, None).items

    assert (entry.actor, entry.target) == ("", "")


def test_what_a_key_made_a_cache_entry_and_a_batch_of_before_are_read() -> None:
    until = NOW // 1000 + 60
    assert receipt_in(RECEIPT_ROW) == Receipt("abc", "f", LEADER, until)
    assert entry_in(ENTRY_ROW) == Entry(LEADER, (), 600, until)
    assert batch_in(BATCH_ROW) == Batch(BATCH, USER, "temperature", 2, NOW, NOW + 1000)


@pytest.mark.parametrize("read", [(receipt_in, RECEIPT_ROW), (entry_in, ENTRY_ROW)])
def test_a_row_with_more_than_this_release_knows_is_read_as_without_it(
    read: tuple[Callable[[Row], object], Row],
) -> None:
    of, row = read
    assert of({**row, **FUTURE}) == of(row)


# --- what a later release added


def user_changes(cloud: Cloud) -> None:
    users = UserTable(cloud.dynamodb)
    user = users.by_id(USER)
    assert user
    users.change(user, Change(is_verified=False))


def session_refreshes(cloud: Cloud) -> None:
    [session] = SessionTable().page(USER, 5, None).items
    after = replace(session, chain=Chain("f", "d", "p", "n", NOW), last_used_at=NOW)
    assert SessionTable().rotate(after, session) == after


def key_is_used(cloud: Cloud) -> None:
    [key] = ApiKeyTable().of(USER)
    ApiKeyTable().note_use(key, NOW)


def token_is_used(cloud: Cloud) -> None:
    token = OneTimeTokenTable().find("d", Purpose.RESET)
    assert token
    OneTimeTokenTable().consume(token)


def policy_changes(cloud: Cloud) -> None:
    policies = PolicyTable(cloud.dynamodb)
    [seen] = policies.all()
    policies.change(seen, replace(seen, daily=7))


def grant_follows_its_policy(cloud: Cloud) -> None:
    policy_changes(cloud)
    PolicyTable(cloud.dynamodb).spread(Policy(1, "base", daily=7))


def model_is_switched_off(cloud: Cloud) -> None:
    SwitchTable(cloud.dynamodb, cloud.settings).turn("temperature", is_on=False)


def figures_are_noted(cloud: Cloud) -> None:
    FigureTable(cloud.dynamodb, cloud.settings).note("temperature", Figure(5, 5, NOW))


def unit_is_counted(cloud: Cloud) -> None:
    grant = a_grant(a_user(id=USER))
    PredictionTable(cloud.dynamodb, cloud.settings).accept(a_prediction(grant), grant)


def outcome_is_counted(cloud: Cloud) -> None:
    tally = Tally(USER, "temperature", succeeded=1, failed=0, predict_ms=4)
    UsageTable(cloud.dynamodb, cloud.settings).note(tally, NOW)


def entry_is_joined(cloud: Cloud) -> None:
    grant = a_grant(a_user())
    PredictionTable(cloud.dynamodb, cloud.settings).accept(
        a_prediction(grant), grant, part=Join("abc", LEADER)
    )


def entry_has_its_result(cloud: Cloud) -> None:
    job = a_job(id=LEADER, cache_key="abc")
    CacheEntryTable(cloud.dynamodb, cloud.settings).settle(job, a_success(LEADER))


def entry_is_released(cloud: Cloud) -> None:
    job = a_job(id=LEADER, cache_key="abc")
    CacheEntryTable(cloud.dynamodb, cloud.settings).release(job)


@pytest.mark.parametrize(
    ("table", "row", "act"),
    [
        ("accounts", USER_ROW, user_changes),
        ("accounts", {**SESSION_ROW, "digest": text("d")}, session_refreshes),
        ("accounts", KEY_ROW, key_is_used),
        ("accounts", TOKEN_ROW, token_is_used),
        ("accounts", GRANT_ROW, grant_follows_its_policy),
        ("catalogue", POLICY_ROW, policy_changes),
        ("catalogue", MODEL_ROW, model_is_switched_off),
        ("catalogue", MODEL_ROW, figures_are_noted),
        ("usage", USAGE_ROW, unit_is_counted),
        ("usage", USAGE_ROW, outcome_is_counted),
        ("predictions", ENTRY_ROW, entry_is_joined),
        ("predictions", ENTRY_ROW, entry_has_its_result),
        ("predictions", ENTRY_ROW, entry_is_released),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_a_later_release_added_survives(
    cloud: Cloud, rows: Rows, table: str, row: Row, act: Callable[[Cloud], None]
) -> None:
    rows.put("accounts", MARKER_ROW)
    rows.put("catalogue", POLICY_ROW)
    rows.put(table, {**row, **FUTURE})

    act(cloud)

    after = rows.now(table, row)
    assert after != {**row, **FUTURE}
    assert after["priority"] == FUTURE["priority"]

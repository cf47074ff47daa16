"""What is written of sessions, counters, tokens and entries besides what the ports tell."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.adapters.accounts.api_keys import ApiKeyTable
from chalicelib.adapters.accounts.audit import AuditTable
from chalicelib.adapters.accounts.counters import CounterTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.reader import TableReader
from chalicelib.domain.accounts.audit import KEPT
from chalicelib.domain.accounts.refresh import Chain
from chalicelib.domain.accounts.throttling import FORGOTTEN, TRUSTED, Budget, Failures
from chalicelib.errors import Unavailable
from chalicelib.services.ports.reading import Wanted
from tests.integration.cloud import Cloud
from tests.integration.partiql import answer
from tests.samples import (
    DAY,
    NOW,
    a_key,
    a_minted_key,
    a_one_time_token,
    a_session,
    a_sign_in,
    a_user,
    an_entry,
    claims_of,
)

Key = dict[str, dict[str, str]]

USER = a_user()
BUDGET = Budget("register", 20, 3600)
OWN: Key = {"pk": {"S": f"user#{USER.id}"}}


@pytest.fixture
def counters(cloud: Cloud) -> CounterTable:
    return CounterTable(cloud.dynamodb, cloud.settings)


def ttl(cloud: Cloud, key: Key, table: str = "accounts") -> int:
    row = cloud.item(table, **key)
    assert row
    return int(row["ttl"]["N"])


def test_a_session_of_before_there_were_refresh_tokens_can_be_read(cloud: Cloud) -> None:
    session = a_session(USER, chain=Chain(), last_used_at=0)
    row = {
        **OWN,
        "sk": {"S": f"session#{session.id}"},
        "version": {"N": "1"},
        "created_at": {"N": str(session.created_at)},
        "expires_at": {"N": str(session.expires_at)},
        "source_ip": {"S": ""},
        "user_agent": {"S": ""},
        "ttl": {"N": "1"},
    }
    cloud.aside.put_item(TableName="accounts", Item=row)
    reader = TableReader(cloud.dynamodb, cloud.settings)
    assert reader.read(claims_of(session), Wanted()).proof == session
    assert list(SessionTable().page(USER.id, 5, None).items) == [session]


def test_a_session_and_a_key_leave_the_table_when_they_expire(cloud: Cloud) -> None:
    session, key = a_session(USER), a_key(USER)
    SessionTable().start(session)
    ApiKeyTable().add(key)
    assert ttl(cloud, OWN | {"sk": {"S": f"session#{session.id}"}}) == session.expires_at // 1000
    assert ttl(cloud, OWN | {"sk": {"S": f"key#{key.id}"}}) == key.expires_at // 1000


def test_a_mailed_token_leaves_the_table_when_it_expires(cloud: Cloud) -> None:
    token = a_one_time_token(USER)
    OneTimeTokenTable().add(token)
    key = {"pk": {"S": f"token#{token.digest}"}, "sk": {"S": "reset"}}
    assert ttl(cloud, key) == token.expires_at // 1000


def test_no_secret_is_stored_of_what_proves_who_somebody_is(cloud: Cloud) -> None:
    session, refresh_token = a_sign_in(USER)
    key, text = a_minted_key(USER)
    SessionTable().start(session)
    ApiKeyTable().add(key)
    stored = str(cloud.aside.scan(TableName="accounts")["Items"])
    assert key.digest in stored
    assert text.rpartition("_")[2] not in stored
    assert refresh_token.text.rpartition("_")[2] not in stored


def test_an_entry_is_kept_for_thirteen_months(cloud: Cloud) -> None:
    entry = an_entry()
    AuditTable().append(entry)
    assert ttl(cloud, {"id": {"S": entry.id}}, "audit") == NOW // 1000 + KEPT
    assert KEPT * 1000 == 400 * DAY


def test_an_entry_about_nobody_has_no_key_in_the_index_of_targets(cloud: Cloud) -> None:
    entry = an_entry(actor="", target="")
    AuditTable().append(entry)
    row = cloud.item("audit", id={"S": entry.id})
    assert row
    assert row.keys().isdisjoint({"actor", "target"})


def test_failures_leave_the_table_when_they_are_forgotten_and_trust_when_it_ends(
    cloud: Cloud, counters: CounterTable
) -> None:
    counters.count("a", Failures(), NOW)
    row = {"pk": {"S": "throttle#a"}, "sk": {"S": "counter"}}
    assert ttl(cloud, row) == (NOW + FORGOTTEN) // 1000
    counters.settle("a", "a", NOW)
    assert ttl(cloud, row) == (NOW + TRUSTED) // 1000
    counters.count("a", counters.failures("a")[0], NOW + 1)
    assert ttl(cloud, row) == (NOW + TRUSTED) // 1000


def test_a_budget_leaves_the_table_after_its_window(cloud: Cloud, counters: CounterTable) -> None:
    counters.spend(BUDGET, "ip", NOW)
    key = {"pk": {"S": f"throttle#{BUDGET.key('ip', NOW)}"}, "sk": {"S": "counter"}}
    assert ttl(cloud, key) == BUDGET.ends(NOW) // 1000


def test_each_step_of_throttling_is_one_call(cloud: Cloud, counters: CounterTable) -> None:
    counters.failures("a", "b")
    counters.count("a", Failures(), NOW)
    counters.settle("a", "b", NOW)
    counters.spend(BUDGET, "ip", NOW)
    counters.spent(BUDGET, "ip", NOW)
    calls = ["BatchGetItem", "PutItem", "BatchWriteItem", "UpdateItem", "GetItem"]
    assert cloud.wire.calls == calls


def test_what_was_left_of_settling_is_written_in_another_call(
    cloud: Cloud, counters: CounterTable
) -> None:
    def left(request: AWSPreparedRequest) -> AWSResponse:
        return answer(request, {"UnprocessedItems": cloud.wire.bodies[-1]["RequestItems"]})

    cloud.wire.give("BatchWriteItem", left)
    counters.settle("a", "b", NOW)
    assert counters.failures("b") == [Failures(trusted_until=NOW + TRUSTED)]


@pytest.mark.parametrize(
    ("operation", "use"),
    [
        ("BatchGetItem", lambda counters: counters.failures("a")),
        ("PutItem", lambda counters: counters.count("a", Failures(), NOW)),
        ("BatchWriteItem", lambda counters: counters.settle("a", "b", NOW)),
        ("UpdateItem", lambda counters: counters.spend(BUDGET, "ip", NOW)),
        ("GetItem", lambda counters: counters.spent(BUDGET, "ip", NOW)),
    ],
)
def test_a_table_that_does_not_answer_is_unavailable(
    cloud: Cloud, counters: CounterTable, operation: str, use: Callable[[CounterTable], object]
) -> None:
    for _ in range(2):
        cloud.wire.refuse(operation, "ProvisionedThroughputExceededException")
    with pytest.raises(Unavailable):
        use(counters)


def test_a_conditional_write_that_is_throttled_is_unavailable_and_not_lost(cloud: Cloud) -> None:
    token = a_one_time_token(USER)
    OneTimeTokenTable().add(token)
    for _ in range(2):
        cloud.wire.refuse("UpdateItem", "ProvisionedThroughputExceededException")
    with pytest.raises(Unavailable):
        OneTimeTokenTable().consume(token)
    assert OneTimeTokenTable().consume(token) is True


def test_an_exchange_whose_answer_was_lost_is_found_to_be_made(cloud: Cloud) -> None:
    """botocore asks again, and the second time the condition does not hold any more."""
    session, _ = a_sign_in(USER)
    after = replace(session, chain=Chain("family", "digest", session.chain.digest))
    SessionTable().start(after)
    assert SessionTable().rotate(after, session) == after

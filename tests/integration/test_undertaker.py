"""The undertaker's handler on the tables: what becomes of what was given up, and what it costs."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.dead_letters import DeadLetterTable
from chalicelib.adapters.queue import delivery_of
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.dead_letters import DeadLetter, Reason
from chalicelib.domain.predictions import Job
from tests.integration.cloud import Cloud
from tests.integration.sweeper import late, lost, row
from tests.integration.undertaker import Undertaker, given_up
from tests.samples import a_grant, a_prediction, a_success, a_user


def letters(cloud: Cloud) -> list[DeadLetter]:
    return [*DeadLetterTable(cloud.dynamodb, cloud.settings).page(100, None).items]


def counted(cloud: Cloud, user_id: str) -> str:
    found = cloud.item("usage", user_id={"S": user_id}, period={"S": "2026-11#temperature"})
    assert found
    return str(found["total"]["N"])


def test_what_was_given_up_fails_is_refunded_and_is_kept(
    cloud: Cloud, undertaker: Undertaker
) -> None:
    prediction = lost(cloud)
    assert undertaker.bury(given_up(Job.of(prediction))) == []
    stored = row(cloud, prediction.id)
    assert (stored["status"]["S"], stored["charged"]["BOOL"]) == ("failed", False)
    assert "attempts-exhausted" in stored["error"]["S"]
    assert counted(cloud, prediction.user_id) == "0"
    [letter] = letters(cloud)
    assert (letter.id, letter.reason, letter.attempts, letter.body) == (
        prediction.id,
        Reason.ATTEMPTS_EXHAUSTED,
        5,
        None,
    )


def test_it_costs_a_read_a_transaction_and_a_put(cloud: Cloud, undertaker: Undertaker) -> None:
    prediction = lost(cloud)
    cloud.wire.forget()
    undertaker.bury(given_up(Job.of(prediction)))
    assert cloud.wire.count() == {"GetItem": 1, "TransactWriteItems": 1, "PutItem": 1}


def test_a_second_time_it_changes_nothing(cloud: Cloud, undertaker: Undertaker) -> None:
    prediction = lost(cloud)
    undertaker.bury(given_up(Job.of(prediction)))
    before, kept = row(cloud, prediction.id), letters(cloud)
    assert undertaker.bury(given_up(Job.of(prediction))) == []
    assert (row(cloud, prediction.id), letters(cloud)) == (before, kept)


def test_what_has_ended_stays_and_is_kept_as_that(cloud: Cloud, undertaker: Undertaker) -> None:
    prediction = lost(cloud)
    ResultTable(cloud.dynamodb, cloud.settings).finish([a_success(prediction.id)])
    undertaker.bury(given_up(Job.of(prediction)))
    assert row(cloud, prediction.id)["status"]["S"] == "succeeded"
    assert [each.reason for each in letters(cloud)] == [Reason.ALREADY_ENDED]


@pytest.mark.parametrize("body", ["", "null", '{"id": 7}', "<job/>"])
def test_what_is_no_job_is_kept_as_it_came(cloud: Cloud, undertaker: Undertaker, body: str) -> None:
    record = given_up(body)
    assert undertaker.bury(record) == []
    [letter] = letters(cloud)
    assert (letter.id, letter.reason) == (record["messageId"], Reason.MALFORMED_MESSAGE)
    assert letter.body == (body or None)


def test_a_job_whose_id_is_no_predictions_names_none(cloud: Cloud, undertaker: Undertaker) -> None:
    job = replace(Job.of(a_prediction(a_grant(a_user()))), id="batch#7")
    undertaker.bury(given_up(job))
    assert [each.reason for each in letters(cloud)] == [Reason.MALFORMED_MESSAGE]


def test_what_has_no_row_is_kept_whole(cloud: Cloud, undertaker: Undertaker) -> None:
    record = given_up(Job.of(a_prediction(a_grant(a_user()))))
    undertaker.bury(record)
    [letter] = letters(cloud)
    assert (letter.reason, letter.body) == (Reason.PREDICTION_MISSING, record["body"])


def test_who_waited_for_it_is_queued(cloud: Cloud, undertaker: Undertaker) -> None:
    leader = late(cloud)
    assert undertaker.bury(given_up(Job.of(leader))) == []
    jobs = [delivery_of(each).job for each in cloud.received()]
    assert [each.cache_key for each in jobs if each] == [None]


@pytest.mark.parametrize("operation", ["GetItem", "TransactWriteItems", "PutItem"])
def test_a_message_that_is_not_done_with_comes_again_alone(
    cloud: Cloud, undertaker: Undertaker, operation: str
) -> None:
    records: list[Any] = [given_up(Job.of(lost(cloud))) for _ in range(2)]
    cloud.wire.refuse(operation, "AccessDeniedException")
    assert undertaker.bury(*records) == [records[0]["messageId"]]
    assert undertaker.bury(records[0]) == []
    assert len(letters(cloud)) == 2

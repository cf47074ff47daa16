"""Faults 1 to 5, 21, 22, 26 and 27: the API dies, its tables and queues fail, everybody comes."""

from typing import Any

import pytest

from chalicelib.domain.predictions import Status
from chalicelib.errors import QuotaExceeded, Unavailable
from tests.contracts.stores import at_once
from tests.faults.aws import OnAws
from tests.faults.bounds import REPAIRED, many
from tests.faults.harness import MINUTE, Harness
from tests.integration.cloud import Cloud

CANCELED = "TransactionCanceledException"
CONFLICT: dict[str, Any] = {"Code": "TransactionConflict"}
FAILED: dict[str, Any] = {"Code": "ConditionalCheckFailed"}
NONE: dict[str, Any] = {"Code": "None"}


def test_fault_01_a_prediction_whose_api_died_before_the_send_is_sent_by_the_sweeper(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    lambent.faults.kill("api.queue.send:before")
    asked = lambent.submit(ada)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert asked.status is None
    assert lambent.found(asked).status is Status.SUCCEEDED
    assert lambent.used(ada) == 1
    lambent.require_all(REPAIRED)


def test_fault_02_a_request_whose_api_died_before_the_answer_is_found_by_its_key(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    lambent.faults.kill("api.queue.send:after")
    first = lambent.submit(ada, key="one")
    again = lambent.submit(ada, key="one", operation=first.operation)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert (first.status, again.answer) == (None, first.made[0])
    assert (lambent.used(ada), len(lambent.world.memory.predictions)) == (1, 1)
    lambent.require_all(REPAIRED)


@pytest.mark.parametrize("most", [1, 2])
def test_fault_03_a_send_that_was_applied_and_timed_out_is_executed_once(
    aws: OnAws, most: int
) -> None:
    aws.cloud.wire.lose("SendMessage", times=2)
    accepted = aws.submit().prediction
    assert aws.waiting() == 2
    while aws.waiting():
        aws.work(most)
    assert aws.stored(accepted).status is Status.SUCCEEDED
    assert (aws.used().total, aws.counted()) == (1, (1, 0))


def test_fault_04_what_was_accepted_while_the_queue_was_down_is_drained_when_it_is_up(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    lambent.queue.is_down = True
    asked = [lambent.submit(ada, n) for n in range(5)] + [lambent.submit_batch(ada, many(5))]
    lambent.run(minutes=10)
    lambent.queue.is_down = False
    lambent.run(minutes=60)
    assert [each.status for each in asked] == [202] * 6
    assert lambent.used(ada) == 10
    lambent.require_all()


def test_fault_05_a_transaction_that_was_applied_and_timed_out_counts_once(aws: OnAws) -> None:
    aws.cloud.wire.lose("TransactWriteItems")
    accepted = aws.submit().prediction
    assert aws.cloud.wire.count()["TransactWriteItems"] == 2
    assert aws.used().total == 1
    assert aws.stored(accepted).status is Status.QUEUED


def test_fault_05_and_so_does_one_whose_repetition_met_itself(
    aws: OnAws, slept: list[float]
) -> None:
    aws.cloud.wire.lose("TransactWriteItems")
    aws.cloud.wire.refuse("TransactWriteItems", "TransactionInProgressException")
    accepted = aws.submit().prediction
    assert aws.cloud.wire.count()["TransactWriteItems"] == 3
    assert aws.used().total == 1
    assert aws.stored(accepted).status is Status.QUEUED


def test_fault_05_and_one_that_never_answered_is_a_503_that_the_same_key_finds(
    aws: OnAws,
) -> None:
    aws.cloud.wire.lose("TransactWriteItems", times=2)
    with pytest.raises(Unavailable):
        aws.submit(key="one")
    again = aws.submit(key="one")
    assert again.is_replay
    assert aws.used().total == 1


def test_fault_21_who_floods_is_refused_and_nobody_else_waits(lambent: Harness) -> None:
    lambent.batch_ms = 1000
    flooder, ben = lambent.somebody(daily=2000), lambent.somebody()
    flood = [lambent.submit_batch(flooder, many(100)) for _ in range(25)]
    refused = [lambent.submit(flooder) for _ in range(50)]
    asked = lambent.submit(ben)
    transactions = lambent.faults.passed["api.predictions.accept:before"]
    lambent.run(minutes=5)
    waited = (lambent.found(asked).completed_at or 0) - lambent.found(asked).created_at
    assert [each.status for each in flood + refused] == [202] * 20 + [429] * 55
    assert (waited, transactions, lambent.used(flooder)) == (0, 1, 2000)
    lambent.require_all()


def test_fault_22_of_a_hundred_at_once_a_quota_of_fifty_lets_fifty_in(
    cloud: Cloud, slept: list[float]
) -> None:
    aws = OnAws(cloud, daily=50)
    admitted = [aws.admitted() for _ in range(100)]

    def submit(number: int) -> str:
        try:
            aws.submit_as(admitted[number])
        except QuotaExceeded:
            return "refused"
        return "accepted"

    answers = at_once(range(100), submit)
    assert (answers.count("accepted"), answers.count("refused")) == (50, 50)
    assert aws.used().total == 50


@pytest.mark.parametrize(
    "reasons", [[CONFLICT, NONE], [FAILED, CONFLICT], [{"Code": "ThrottlingError"}, NONE]]
)
def test_fault_26_a_conflict_alone_or_beside_a_failed_condition_is_outlasted(
    aws: OnAws, slept: list[float], reasons: list[dict[str, Any]]
) -> None:
    for _ in range(4):
        aws.cloud.wire.refuse("TransactWriteItems", CANCELED, reasons)
    accepted = aws.submit().prediction
    assert aws.stored(accepted).status is Status.QUEUED
    assert (aws.used().total, len(slept)) == (1, 4)
    assert sum(slept) < 1


def test_fault_26_and_one_that_lasts_is_a_503_with_nothing_kept(
    aws: OnAws, slept: list[float]
) -> None:
    for _ in range(5):
        aws.cloud.wire.refuse("TransactWriteItems", CANCELED, [FAILED, CONFLICT])
    with pytest.raises(Unavailable) as refusal:
        aws.submit()
    assert refusal.value.retry_after == 1
    assert (aws.used().total, aws.waiting(), len(slept)) == (0, 0, 5)


@pytest.mark.parametrize(
    ("point", "before", "rows"),
    [
        ("api.predictions.accept_batch:after", 0, 0),
        ("api.predictions.store:before", 0, 0),
        ("api.predictions.store:after", 0, 100),
        ("api.queue.send_all:before", 1, 200),
        ("api.predictions.store:before", 2, 200),
        ("api.queue.send_all:after", 2, 250),
    ],
)
def test_fault_27_of_a_batch_whose_api_died_the_rows_run_and_the_rest_is_refunded(
    lambent: Harness, point: str, before: int, rows: int
) -> None:
    ada = lambent.somebody()
    for _ in range(before):
        lambent.faults.at(point, lambda: None)
    lambent.faults.kill(point)
    asked = lambent.submit_batch(ada, many(250), key="one")
    counted = lambent.used(ada)
    lambent.run(minutes=REPAIRED // MINUTE)
    again = lambent.submit_batch(ada, many(250), key="one", operation=asked.operation)
    assert (asked.status, counted, again.answer) == (None, 250, asked.made[0])
    assert (len(lambent.world.memory.predictions), lambent.used(ada)) == (rows, rows)
    lambent.require_all(REPAIRED)

"""Many rows and many messages, a few calls at a time, when AWS takes only some of them."""

import time
from collections.abc import Callable, Sequence
from threading import Barrier, Lock
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.adapters import aws
from chalicelib.adapters.batches import TRIES, WRITES, write
from chalicelib.adapters.parallel import at_once
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import SqsQueue
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.errors import Unavailable
from tests.endpoint import taken
from tests.integration.cloud import Cloud
from tests.integration.partiql import answer, body_of
from tests.samples import NOW, a_grant, a_job, a_prediction, a_user

WRITE, SEND = "BatchWriteItem", "SendMessageBatch"
GRANT = a_grant(a_user())


@pytest.fixture
def table(cloud: Cloud) -> PredictionTable:
    return PredictionTable(cloud.dynamodb, cloud.settings)


@pytest.fixture
def queue(cloud: Cloud) -> SqsQueue:
    return SqsQueue(cloud.sqs, cloud.settings.queues)


def members(count: int) -> list[Prediction]:
    return [a_prediction(GRANT, NOW + at) for at in range(count)]


def stored(cloud: Cloud, predictions: Sequence[Prediction]) -> list[str]:
    return [each.id for each in predictions if cloud.item("predictions", id={"S": each.id})]


def unprocessed(keep: int = 0) -> Callable[[AWSPreparedRequest], AWSResponse]:
    """All but the first so many requests were left."""

    def made(request: AWSPreparedRequest) -> AWSResponse:
        asked = body_of(request)["RequestItems"]
        left = {table: requests[keep:] for table, requests in asked.items()}
        return answer(request, {"UnprocessedItems": left})

    return made


def test_as_many_acts_run_at_a_time_as_a_client_keeps_connections() -> None:
    together = Barrier(aws.CONNECTIONS, timeout=10)
    at_once(lambda _: together.wait(), range(2 * aws.CONNECTIONS))
    assert aws.CONNECTIONS == 4


def test_no_more_run_at_a_time_and_their_answers_are_in_order() -> None:
    running, most, lock = 0, 0, Lock()

    def act(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.001)
        with lock:
            running -= 1
        return -number

    assert at_once(act, range(40)) == [-number for number in range(40)]
    assert most <= aws.CONNECTIONS


def test_what_an_act_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        at_once(lambda number: 1 // number, [1, 0])


@pytest.mark.parametrize(("rows", "calls"), [(0, 0), (1, 1), (25, 1), (26, 2), (100, 4)])
def test_twenty_five_rows_are_one_call(
    cloud: Cloud, table: PredictionTable, rows: int, calls: int
) -> None:
    wanted = members(rows)
    assert list(table.store(wanted)) == []
    assert cloud.wire.count().get(WRITE, 0) == calls
    assert len(stored(cloud, wanted)) == rows


def test_a_row_of_a_batch_waits_for_the_sweeper_and_for_its_end(
    cloud: Cloud, table: PredictionTable
) -> None:
    [prediction] = members(1)
    table.store([prediction])
    row = cloud.item("predictions", id={"S": prediction.id})
    assert row
    assert row["shard"] == {"N": str(prediction.shard)}
    assert row["due"] == {"N": str(NOW + 2 * 180_000)}
    assert row["ttl"] == {"N": str(prediction.retained_until // 1000)}


def test_rows_that_were_left_are_written_by_another_call(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    cloud.wire.give(WRITE, unprocessed())
    wanted = members(3)
    assert list(table.store(wanted)) == []
    assert stored(cloud, wanted) == [each.id for each in wanted]
    assert cloud.wire.count() == {WRITE: 2}
    assert len(slept) == 1


def test_rows_that_are_left_again_and_again_are_told_and_no_others(
    cloud: Cloud, table: PredictionTable, slept: list[float]
) -> None:
    for _ in range(TRIES):
        cloud.wire.give(WRITE, unprocessed(keep=2))
    wanted = members(25)
    assert list(table.store(wanted)) == wanted[2 * TRIES :]
    assert cloud.wire.count() == {WRITE: TRIES}
    assert sum(slept) < 1


def test_a_call_that_fails_leaves_its_own_twenty_five(cloud: Cloud, table: PredictionTable) -> None:
    cloud.wire.refuse(WRITE, "ValidationException")
    wanted = members(100)
    lost = {each.id for each in table.store(wanted)}
    chunks = [{each.id for each in wanted[at : at + WRITES]} for at in range(0, 100, WRITES)]
    assert lost in chunks
    assert set(stored(cloud, wanted)) == {each.id for each in wanted} - lost


@pytest.mark.parametrize("code", ["ValidationException", None])
def test_who_writes_for_themselves_is_told_that_it_did_not_work(
    cloud: Cloud, slept: list[float], code: str | None
) -> None:
    for _ in range(TRIES):
        if code:
            cloud.wire.refuse(WRITE, code)
        else:
            cloud.wire.give(WRITE, unprocessed())
    with pytest.raises(Unavailable) as refusal:
        write(cloud.dynamodb, "accounts", deletions(1))
    assert refusal.value.retry_after == 1


def deletions(count: int) -> list[dict[str, Any]]:
    keys = [{"pk": {"S": "user#1"}, "sk": {"S": f"grant#{at}"}} for at in range(count)]
    return [{"DeleteRequest": {"Key": key}} for key in keys]


def test_who_writes_for_themselves_stops_at_the_first_call_that_fails(cloud: Cloud) -> None:
    cloud.wire.refuse(WRITE, "ValidationException")
    with pytest.raises(Unavailable):
        write(cloud.dynamodb, "accounts", deletions(60))
    assert cloud.wire.count() == {WRITE: 1}


def jobs(count: int, text: str = "") -> list[Job]:
    return [a_job(input={"n": at, "text": text}) for at in range(count)]


def in_bulk(cloud: Cloud) -> int:
    return len(taken(cloud.sqs, cloud.settings.queues["light"]["bulk"]))


@pytest.mark.parametrize(("messages", "calls"), [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10)])
def test_ten_messages_are_one_call(
    cloud: Cloud, queue: SqsQueue, messages: int, calls: int
) -> None:
    assert queue.send_all(jobs(messages), "light") == []
    assert cloud.wire.count().get(SEND, 0) == calls
    assert in_bulk(cloud) == messages


def test_large_messages_are_fewer_a_call(cloud: Cloud, queue: SqsQueue) -> None:
    assert queue.send_all(jobs(8, "x" * 250_000), "light") == []
    assert cloud.wire.count() == {SEND: 3}


def test_a_call_that_fails_leaves_its_own_ten(cloud: Cloud, queue: SqsQueue) -> None:
    cloud.wire.refuse(SEND, "InvalidAddress")
    wanted = jobs(40)
    left = queue.send_all(wanted, "light")
    assert left in [wanted[at : at + 10] for at in range(0, 40, 10)]
    assert in_bulk(cloud) == 30


def test_messages_that_the_queue_did_not_take_are_told_alone(cloud: Cloud, queue: SqsQueue) -> None:
    def some(request: AWSPreparedRequest) -> AWSResponse:
        failed = [{"Id": id, "Code": "Throttled", "SenderFault": False} for id in ("1", "3")]
        return answer(request, {"Successful": [], "Failed": failed})

    cloud.wire.give(SEND, some)
    wanted = jobs(5)
    assert queue.send_all(wanted, "light") == [wanted[1], wanted[3]]

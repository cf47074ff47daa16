"""The sweeper's handler on the tables: what it repairs, and what that costs."""

import json
import time
from io import StringIO

import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.queue import delivery_of
from chalicelib.adapters.repairs import RepairTable
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.ids import SHARDS, uuid7
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud
from tests.integration.sweeper import Sweeper, all_kinds, late, lost, row, torn
from tests.integration.worker import Worker
from tests.samples import DAY, NOW, a_grant, a_prediction, a_success, a_user

LOOK = {"Query": SHARDS}
GAUGE = {"GetQueueAttributes": 2}
"""Of the one profile that there is."""


def resent(cloud: Cloud) -> list[Job | None]:
    return [
        delivery_of(each).job for each in cloud.received(cloud.settings.queues["light"]["bulk"])
    ]


def counted(cloud: Cloud, of: Prediction | Batch) -> str:
    usage = cloud.item("usage", user_id={"S": of.user_id}, period={"S": "2026-11#temperature"})
    assert usage
    return str(usage["d23"]["N"])


def test_what_was_never_queued_is_sent_again_and_the_worker_ends_it(
    cloud: Cloud, sweeper: Sweeper, worker: Worker
) -> None:
    prediction = lost(cloud)
    sweeper.sweep()
    bulk = cloud.received(cloud.settings.queues["light"]["bulk"])
    assert [delivery_of(each).job for each in bulk] == [Job.again(prediction)]
    assert worker.run({"Records": bulk}) == []
    ended = row(cloud, prediction.id)
    assert (ended["status"], ended["attempt"]) == ({"S": "succeeded"}, {"N": "2"})
    assert ended.keys().isdisjoint({"shard", "due"})


def test_it_is_due_again_an_hour_later_at_most(cloud: Cloud, sweeper: Sweeper) -> None:
    prediction = lost(cloud)
    sweeper.sweep()
    due = int(row(cloud, prediction.id)["due"]["N"])
    assert abs(due - time.time() * 1000 - 3_600_000) < 60_000
    assert row(cloud, prediction.id)["sweeps"] == {"N": "1"}


def test_what_is_late_ends_and_who_waited_for_it_is_queued(cloud: Cloud, sweeper: Sweeper) -> None:
    prediction = late(cloud)
    sweeper.sweep()
    assert row(cloud, prediction.id)["status"] == {"S": "expired"}
    assert counted(cloud, prediction) == "0"
    assert len(cloud.received()) == 1


def test_what_a_batch_misses_is_given_back_and_its_row_stays(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    batch = torn(cloud, size=5, stored=3)
    sweeper.sweep()
    settled = row(cloud, f"batch#{batch.id}")
    assert settled.keys().isdisjoint({"shard", "due"})
    assert settled["size"] == {"N": "5"}
    assert counted(cloud, batch) == "3"
    assert len(resent(cloud)) == 3


def test_a_batch_of_before_there_was_a_sweeper_is_left_as_it_is(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    batch = torn(cloud, stored=0)
    cloud.aside.update_item(
        TableName="predictions",
        Key={"id": {"S": f"batch#{batch.id}"}},
        UpdateExpression="REMOVE #shard, #due",
        ExpressionAttributeNames={"#shard": "shard", "#due": "due"},
    )
    before = row(cloud, f"batch#{batch.id}")
    sweeper.sweep()
    assert row(cloud, f"batch#{batch.id}") == before
    assert counted(cloud, batch) == "5"


def test_when_nothing_is_due_it_is_a_query_a_shard_and_no_word(
    cloud: Cloud, sweeper: Sweeper, log: StringIO
) -> None:
    user = a_user()
    future = a_prediction(a_grant(user), int(time.time() * 1000))
    PredictionTable(cloud.dynamodb, cloud.settings).store([future])
    cloud.wire.forget()
    sweeper.sweep()
    assert (cloud.wire.count(), log.getvalue()) == (LOOK, "")


@pytest.mark.parametrize(("rows", "messages"), [(1, 1), (10, 1), (11, 2)])
def test_sending_again_is_an_update_each_and_ten_a_message(
    cloud: Cloud, sweeper: Sweeper, rows: int, messages: int
) -> None:
    for _ in range(rows):
        lost(cloud)
    cloud.wire.forget()
    sweeper.sweep()
    calls = {**LOOK, **GAUGE, "UpdateItem": rows, "SendMessageBatch": messages}
    assert cloud.wire.count() == calls


def test_a_late_one_is_two_calls_and_two_more_with_its_cache_entry(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    lost(cloud, expires_at=NOW + 1000)
    cloud.wire.forget()
    sweeper.sweep()
    assert cloud.wire.count() == {**LOOK, **GAUGE, "UpdateItem": 1, "TransactWriteItems": 1}
    late(cloud)
    cloud.wire.forget()
    sweeper.sweep()
    calls = {"UpdateItem": 2, "SendMessage": 1, "TransactWriteItems": 1}
    assert cloud.wire.count() == {**LOOK, **GAUGE, **calls}


@pytest.mark.parametrize("stored", [0, 2])
def test_a_batch_is_three_calls(cloud: Cloud, sweeper: Sweeper, stored: int) -> None:
    batch = torn(cloud, size=2, stored=stored)
    results = ResultTable(cloud.dynamodb, cloud.settings)
    results.finish([a_success(member_id(batch.id, at)) for at in range(stored)])
    cloud.wire.forget()
    sweeper.sweep()
    assert cloud.wire.count() == {
        "Query": SHARDS + 1,
        "UpdateItem": 1,
        "TransactWriteItems": 1,
    }


def test_a_sweep_in_short(cloud: Cloud, sweeper: Sweeper, log: StringIO) -> None:
    all_kinds(cloud)
    log.truncate(log.seek(0))
    sweeper.sweep()
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [each for each in told if each["message"] == "sweep"]
    assert (line["Resent"], line["postponed"], line["expired"]) == ([4], 0, 1)
    assert (line["settled"], line["failed"]) == (1, 0)


def test_a_row_that_cannot_be_written_stops_no_other(
    cloud: Cloud, sweeper: Sweeper, log: StringIO
) -> None:
    for _ in range(3):
        lost(cloud)
    cloud.wire.refuse("UpdateItem", "ValidationException")
    sweeper.sweep()
    assert len(resent(cloud)) == 2
    assert json.loads(log.getvalue().splitlines()[-1])["failed"] == 1


def test_a_settlement_that_is_in_doubt_is_repeated_and_counts_once(
    cloud: Cloud, sweeper: Sweeper
) -> None:
    batch = torn(cloud, size=5, stored=0)
    cloud.wire.refuse("TransactWriteItems", "TransactionInProgressException")
    sweeper.sweep()
    sweeper.sweep()
    assert counted(cloud, batch) == "0"


def test_a_table_that_is_not_there_is_unavailable(cloud: Cloud) -> None:
    gone = cloud.settings.model_copy(update={"predictions_table": "gone"})
    with pytest.raises(Unavailable):
        RepairTable(cloud.dynamodb, gone).due(0, NOW, 1)


def test_a_page_of_keys_is_all_that_is_asked_of_the_index(cloud: Cloud) -> None:
    lost(cloud)
    cloud.wire.forget()
    RepairTable(cloud.dynamodb, cloud.settings).due(0, NOW + DAY, 7)
    [body] = cloud.wire.bodies
    assert (body["IndexName"], body["Limit"]) == ("due", 7)


def test_what_was_claimed_by_a_worker_that_died_comes_back(cloud: Cloud, sweeper: Sweeper) -> None:
    prediction = lost(cloud, id=uuid7(NOW))
    ResultTable(cloud.dynamodb, cloud.settings).claim(Job.of(prediction), 4, NOW)
    sweeper.sweep()
    assert [job and job.attempts for job in resent(cloud)] == [4]

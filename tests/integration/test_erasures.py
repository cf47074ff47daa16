"""The eraser's handler on the tables: what it erases, what it asks for, and what it gives back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.erasures import SqsErasures, erasure_of
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.results import ResultTable
from chalicelib.api import wiring
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch
from chalicelib.domain.erasures import SETTLED, Erasure
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud
from tests.integration.worker import Worker
from tests.samples import NOW, a_failure, a_grant, a_prediction, a_success, a_user

PRIVATE = {"input", "output", "metadata", "error"}
ERASURE = json.dumps(asdict(Erasure(a_user().id, NOW)))


@pytest.fixture
def predictions(cloud: Cloud) -> PredictionTable:
    return PredictionTable(cloud.dynamodb, cloud.settings)


def one_of_each(cloud: Cloud, predictions: PredictionTable, user: User) -> list[Prediction]:
    """Queued, succeeded and failed."""
    grant = a_grant(user)
    some = [a_prediction(grant, metadata={"name": "Ada"}) for _ in range(3)]
    for each in some:
        predictions.accept(each, grant)
    ResultTable(cloud.dynamodb, cloud.settings).finish(
        [a_success(some[1].id), a_failure(some[2].id)]
    )
    cloud.wire.forget()
    return some


def rows(cloud: Cloud, some: list[Prediction]) -> list[Mapping[str, Any]]:
    found = [cloud.item("predictions", id={"S": each.id}) for each in some]
    return [each for each in found if each]


def message(user_id: str, **facts: Any) -> dict[str, Any]:
    """The event of one erasure; of long ago, unless it says otherwise."""
    erasure = {"user_id": user_id, "asked_at": wiring.now() - SETTLED, **facts}
    attributes = {"ApproximateReceiveCount": "1"}
    record = {"messageId": str(uuid4()), "body": json.dumps(erasure), "attributes": attributes}
    return {"Records": [{**record, "eventSource": "aws:sqs"}]}


def test_the_predictions_of_who_is_gone_become_tombstones_and_the_messages_end(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker
) -> None:
    gone, other = a_user(), a_user()
    mine, others = (one_of_each(cloud, predictions, user) for user in (gone, other))
    before = rows(cloud, others)
    assert eraser.run(message(gone.id)) == []
    after = rows(cloud, mine)
    assert not any(PRIVATE & row.keys() for row in after)
    assert [row["status"]["S"] for row in after] == ["canceled", "succeeded", "failed"]
    assert {row["retained_until"]["N"] for row in after} == {"0"}
    assert rows(cloud, others) == before
    assert cloud.received(cloud.settings.erasure_queue_url) == []


def test_it_costs_a_look_a_list_and_a_write_or_two_each(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker
) -> None:
    gone = a_user()
    one_of_each(cloud, predictions, gone)
    eraser.run(message(gone.id))
    assert cloud.wire.count() == {
        "GetItem": 1,
        "Query": 1,
        "TransactWriteItems": 1,
        "UpdateItem": 3,
    }
    assert cloud.wire.bodies[0]["ConsistentRead"] is True


def test_what_is_metered_stays(cloud: Cloud, predictions: PredictionTable, eraser: Worker) -> None:
    gone = a_user()
    one_of_each(cloud, predictions, gone)
    eraser.run(message(gone.id))
    usage = cloud.item("usage", user_id={"S": gone.id}, period={"S": "2026-11#temperature"})
    assert usage
    assert (usage["total"], usage["d23"]) == ({"N": "2"}, {"N": "2"})


def test_of_a_user_who_is_there_nothing_is_erased(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker, log: StringIO
) -> None:
    user = a_user()
    UserTable(cloud.dynamodb).add(user)
    some = one_of_each(cloud, predictions, user)
    before = rows(cloud, some)
    assert eraser.run(message(user.id)) == []
    assert eraser.run(message(user.id, asked_at=wiring.now())) == []
    assert rows(cloud, some) == before
    assert cloud.wire.count() == {"GetItem": 2, "SendMessage": 1}
    told = [json.loads(line)["outcome"] for line in log.getvalue().splitlines()]
    assert told == ["the user was not removed", "the user is not removed yet"]


def test_without_time_the_rest_is_asked_for_with_its_place(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker
) -> None:
    gone = a_user()
    grant = a_grant(gone)
    some = [a_prediction(grant, NOW + at) for at in range(101)]
    assert predictions.store(some) == []
    assert eraser.run(message(gone.id), remaining_ms=100) == []
    assert [PRIVATE & row.keys() == set() for row in rows(cloud, some)] == [True] * 100 + [False]
    [rest] = cloud.received(cloud.settings.erasure_queue_url)
    assert (erasure := erasure_of(rest["body"]))
    assert (erasure.user_id, erasure.place, erasure.is_last) == (gone.id, some[99].id, True)
    rest["eventSource"] = "aws:sqs"
    assert eraser.run({"Records": [rest]}, remaining_ms=100) == []
    assert not any(PRIVATE & row.keys() for row in rows(cloud, some))


def test_the_row_of_a_batch_is_not_listed_and_stays(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker
) -> None:
    gone = a_user()
    batch = Batch(uuid7(NOW), gone.id, "temperature", 2, NOW, NOW + 10**9)
    predictions.accept_batch(batch, a_grant(gone))
    before = cloud.item("predictions", id={"S": f"batch#{batch.id}"})
    assert before
    assert eraser.run(message(gone.id)) == []
    assert cloud.item("predictions", id={"S": f"batch#{batch.id}"}) == before


@pytest.mark.parametrize("operation", ["GetItem", "Query", "UpdateItem"])
def test_a_table_that_is_down_gives_the_message_back(
    cloud: Cloud, predictions: PredictionTable, eraser: Worker, operation: str
) -> None:
    gone = a_user()
    some = one_of_each(cloud, predictions, gone)
    cloud.wire.refuse(operation, "ValidationException")
    event = message(gone.id)
    assert eraser.run(event) == [event["Records"][0]["messageId"]]
    assert eraser.run(event) == []
    assert not any(PRIVATE & row.keys() for row in rows(cloud, some))


def test_what_is_no_erasure_is_given_back_until_it_is_a_dead_letter(eraser: Worker) -> None:
    event = message("somebody")
    event["Records"][0]["body"] = "{}"
    assert eraser.run(event) == [event["Records"][0]["messageId"]]


def test_a_queue_that_is_not_there_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(Unavailable):
        SqsErasures(cloud.sqs, cloud.settings.erasure_queue_url + "-gone").ask(Erasure("x", NOW))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        ERASURE.replace(str(NOW), f'"{NOW}"'),
        ERASURE.replace('"place": null', '"place": 7'),
        ERASURE[:-1],
    ],
)
def test_what_is_no_erasure_is_none(body: str) -> None:
    assert erasure_of(ERASURE)
    assert erasure_of(body) is None

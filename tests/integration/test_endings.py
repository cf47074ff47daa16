"""Ends without a result, when DynamoDB is contended, slow, or has changed its mind meanwhile."""

from collections.abc import Callable

import pytest

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.errors import Unavailable
from chalicelib.services.ports.predictions import Search
from chalicelib.services.ports.results import Written
from tests.integration.cloud import Cloud
from tests.samples import NOW, a_grant, a_prediction, a_success, a_user

TRANSACTION = "TransactWriteItems"
CANCELED = "TransactionCanceledException"
CONFLICT = [{"Code": "TransactionConflict"}, {"Code": "None"}]
NO_UNIT = [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}]
NOT_OPEN = [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]


@pytest.fixture
def predictions(cloud: Cloud) -> PredictionTable:
    return PredictionTable(cloud.dynamodb, cloud.settings)


@pytest.fixture
def results(cloud: Cloud) -> ResultTable:
    return ResultTable(cloud.dynamodb, cloud.settings)


@pytest.fixture
def queued(cloud: Cloud, predictions: PredictionTable) -> Prediction:
    grant = a_grant(a_user())
    prediction = a_prediction(grant)
    predictions.accept(prediction, grant)
    cloud.wire.forget()
    return prediction


def status(cloud: Cloud, prediction: Prediction) -> str:
    item = cloud.item("predictions", id={"S": prediction.id})
    assert item
    return str(item["status"]["S"])


def test_a_conflict_is_tried_again(
    cloud: Cloud, predictions: PredictionTable, results: ResultTable, queued: Prediction
) -> None:
    cloud.wire.refuse(TRANSACTION, CANCELED, CONFLICT)
    assert predictions.cancel(queued, NOW) == queued.canceled(NOW)
    assert cloud.wire.count() == {TRANSACTION: 2}


def test_each_ending_is_a_transaction_of_its_own(
    cloud: Cloud, predictions: PredictionTable, results: ResultTable, queued: Prediction
) -> None:
    """A token that came before would be answered as if nothing had to be done."""
    predictions.cancel(queued, NOW)
    results.expire(Job.of(queued), NOW)
    first, second = (body["ClientRequestToken"] for body in cloud.wire.bodies)
    assert len({first, second, queued.id}) == 3


def test_a_unit_that_is_not_there_any_more_keeps_nothing_open(
    cloud: Cloud, predictions: PredictionTable, queued: Prediction
) -> None:
    cloud.wire.refuse(TRANSACTION, CANCELED, NO_UNIT)
    canceled = predictions.cancel(queued, NOW)
    assert canceled
    assert (canceled.status, canceled.charged) == (Status.CANCELED, True)


def test_without_a_unit_it_expires_all_the_same(
    cloud: Cloud, results: ResultTable, queued: Prediction
) -> None:
    cloud.wire.refuse(TRANSACTION, CANCELED, NO_UNIT)
    assert results.expire(Job.of(queued), NOW) is Written.WON
    assert status(cloud, queued) == "expired"


def test_what_ends_between_the_two_writes_stays_as_it_ended(
    cloud: Cloud, results: ResultTable, queued: Prediction
) -> None:
    results.finish([a_success(queued.id)])
    cloud.wire.refuse(TRANSACTION, CANCELED, NO_UNIT)
    assert results.expire(Job.of(queued), NOW) is Written.LOST
    assert status(cloud, queued) == "succeeded"


def test_a_refusal_that_shows_no_row_is_of_unknown_fate(
    cloud: Cloud, results: ResultTable, queued: Prediction
) -> None:
    cloud.wire.refuse(TRANSACTION, CANCELED, NOT_OPEN)
    assert results.expire(Job.of(queued), NOW) is Written.UNKNOWN
    assert status(cloud, queued) == "queued"


@pytest.mark.parametrize("operation", [TRANSACTION, "UpdateItem"])
def test_what_does_not_expire_for_want_of_the_table_is_of_unknown_fate(
    cloud: Cloud, results: ResultTable, queued: Prediction, operation: str
) -> None:
    if operation == "UpdateItem":
        cloud.wire.refuse(TRANSACTION, CANCELED, NO_UNIT)
    cloud.wire.refuse(operation, "ValidationException")
    assert results.expire(Job.of(queued), NOW) is Written.UNKNOWN
    assert status(cloud, queued) == "queued"


Act = Callable[[PredictionTable, Prediction], object]


@pytest.mark.parametrize(
    ("operation", "act"),
    [
        (TRANSACTION, lambda table, one: table.cancel(one, NOW)),
        ("UpdateItem", lambda table, one: table.erase(one, NOW)),
        ("GetItem", lambda table, one: table.glimpse(one.id)),
    ],
)
def test_a_table_that_does_not_answer_is_unavailable(
    cloud: Cloud, predictions: PredictionTable, queued: Prediction, operation: str, act: Act
) -> None:
    cloud.wire.refuse(operation, "ValidationException")
    with pytest.raises(Unavailable):
        act(predictions, queued)
    assert status(cloud, queued) == "queued"


def test_a_page_that_leaves_nothing_out_reads_one_row_more_than_it_shows(
    cloud: Cloud, predictions: PredictionTable, queued: Prediction
) -> None:
    predictions.page(Search(queued.user_id, NOW), 20, None)
    predictions.page(Search(queued.user_id, NOW, status=Status.QUEUED), 20, None)
    assert [body["Limit"] for body in cloud.wire.bodies] == [21, 500]
    assert {body["IndexName"] for body in cloud.wire.bodies} == {"by_owner"}

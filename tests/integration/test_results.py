"""What a worker is told when DynamoDB takes some of its writes, or none."""

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.results import ResultTable
from chalicelib.domain.predictions import Job, Prediction
from chalicelib.services.ports.results import Written
from tests.integration.cloud import Cloud
from tests.integration.partiql import answer
from tests.samples import NOW, a_grant, a_prediction, a_success, a_user

BATCH = "BatchExecuteStatement"


@pytest.fixture
def results(cloud: Cloud) -> ResultTable:
    return ResultTable(cloud.dynamodb, cloud.settings)


def accepted(cloud: Cloud) -> Prediction:
    grant = a_grant(a_user())
    prediction = a_prediction(grant)
    PredictionTable(cloud.dynamodb, cloud.settings).accept(prediction, grant)
    return prediction


@pytest.mark.parametrize(("outcomes", "calls"), [(1, 1), (25, 1), (26, 2), (50, 2), (51, 3)])
def test_twenty_five_results_are_one_call(
    cloud: Cloud, results: ResultTable, outcomes: int, calls: int
) -> None:
    results.finish([a_success(a_prediction(a_grant(a_user())).id) for _ in range(outcomes)])
    assert cloud.wire.count() == {BATCH: calls}


def test_nothing_to_write_is_no_call(cloud: Cloud, results: ResultTable) -> None:
    assert results.finish([]) == []
    assert cloud.wire.calls == []


@pytest.mark.parametrize("code", ["ThrottlingError", "TransactionConflict", "ValidationError"])
def test_a_statement_that_failed_for_another_reason_is_unknown_and_its_neighbour_is_not(
    cloud: Cloud, results: ResultTable, code: str
) -> None:
    def first_fails(request: AWSPreparedRequest) -> AWSResponse:
        return answer(request, {"Responses": [{"Error": {"Code": code}}, {"TableName": "t"}]})

    cloud.wire.give(BATCH, first_fails)
    outcomes = [a_success(accepted(cloud).id) for _ in range(2)]
    assert results.finish(outcomes) == [Written.UNKNOWN, Written.WON]


def test_a_call_that_fails_leaves_its_own_twenty_five_unknown(
    cloud: Cloud, results: ResultTable
) -> None:
    cloud.wire.refuse(BATCH, "ValidationException")
    predictions = [accepted(cloud) for _ in range(26)]
    written = results.finish([a_success(each.id) for each in predictions])
    assert written == [Written.UNKNOWN] * 25 + [Written.WON]


def test_a_call_without_an_answer_leaves_all_unknown(cloud: Cloud, results: ResultTable) -> None:
    cloud.wire.give(BATCH, no_answer)
    cloud.wire.give(BATCH, no_answer)
    assert results.finish([a_success(accepted(cloud).id)]) == [Written.UNKNOWN]


def no_answer(request: AWSPreparedRequest) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=str(request.url))


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ValidationException"])
def test_a_claim_that_fails_is_of_unknown_fate(
    cloud: Cloud, results: ResultTable, code: str
) -> None:
    job = Job.of(accepted(cloud))
    for _ in range(2):
        cloud.wire.refuse("UpdateItem", code)
    assert results.claim(job, 2, NOW) is Written.UNKNOWN


def test_a_claim_without_an_answer_is_of_unknown_fate(cloud: Cloud, results: ResultTable) -> None:
    job = Job.of(accepted(cloud))
    for _ in range(2):
        cloud.wire.give("UpdateItem", no_answer)
    assert results.claim(job, 2, NOW) is Written.UNKNOWN


def row(cloud: Cloud, prediction: Prediction) -> dict[str, object]:
    item = cloud.item("predictions", id={"S": prediction.id})
    assert item is not None
    return dict(item)


def test_an_accepted_row_waits_for_the_sweeper_and_for_its_end(cloud: Cloud) -> None:
    prediction = accepted(cloud)
    stored = row(cloud, prediction)
    assert stored["shard"] == {"N": str(prediction.shard)}
    assert stored["due"] == {"N": str(NOW + 2 * 180_000)}
    assert stored["ttl"] == {"N": str(prediction.retained_until // 1000)}


def test_a_claimed_row_is_due_when_its_message_has_long_come_again(
    cloud: Cloud, results: ResultTable
) -> None:
    prediction = accepted(cloud)
    results.claim(Job.of(prediction), 2, NOW)
    assert row(cloud, prediction)["due"] == {"N": str(NOW + 2 * 180_000)}


def test_a_row_that_has_ended_is_out_of_the_sweepers_index(
    cloud: Cloud, results: ResultTable
) -> None:
    prediction = accepted(cloud)
    results.finish([a_success(prediction.id)])
    assert row(cloud, prediction).keys().isdisjoint({"shard", "due"})


def test_an_output_is_stored_as_the_text_that_the_model_gave(
    cloud: Cloud, results: ResultTable
) -> None:
    prediction = accepted(cloud)
    results.finish([a_success(prediction.id, '{"t":8.560720654765046}')])
    assert row(cloud, prediction)["output"] == {"S": '{"t":8.560720654765046}'}


def test_one_equality_is_the_whole_condition(cloud: Cloud, results: ResultTable) -> None:
    cloud.wire.give(BATCH, lambda request: answer(request, {"Responses": [{}]}))
    results.finish([a_success(a_prediction(a_grant(a_user())).id)])
    [body] = cloud.wire.bodies
    [statement] = body["Statements"]
    assert statement["Statement"].endswith('WHERE "id"=? AND "shard"=?')
    assert statement["Statement"].count("?") == len(statement["Parameters"])

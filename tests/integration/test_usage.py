"""What a worker adds to the usage table, and what it does when the table does not take it."""

from collections.abc import Callable
from datetime import date

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

from chalicelib.adapters.usage import UsageTable
from chalicelib.domain.usage import KEPT, Tally
from chalicelib.errors import Unavailable
from tests.integration.cloud import Cloud
from tests.integration.test_worker import accept_all, row
from tests.integration.worker import Worker
from tests.samples import NOW, event

TALLY = Tally("ada", "temperature", 2, 1, 40)
KEY = {"user_id": {"S": "ada"}, "period": {"S": "2026-11#temperature"}}


@pytest.fixture
def book(cloud: Cloud) -> UsageTable:
    return UsageTable(cloud.dynamodb, cloud.settings)


def test_a_note_is_one_update_of_the_day(cloud: Cloud, book: UsageTable) -> None:
    book.note(TALLY, NOW)
    assert cloud.wire.count() == {"UpdateItem": 1}
    assert cloud.item("usage", **KEY) == {
        **KEY,
        "s23": {"N": "2"},
        "f23": {"N": "1"},
        "p23": {"N": "40"},
        "ttl": {"N": str(NOW // 1000 + KEPT)},
    }


def test_what_is_nothing_is_not_added(cloud: Cloud, book: UsageTable) -> None:
    book.note(Tally("ada", "temperature", 1, 0, 0), NOW)
    item = cloud.item("usage", **KEY)
    assert item is not None
    assert item.keys() == {"user_id", "period", "s23", "ttl"}


def test_a_report_is_one_query(cloud: Cloud, book: UsageTable) -> None:
    book.note(TALLY, NOW)
    cloud.wire.forget()
    book.days("ada", date(2026, 9, 1), date(2026, 11, 23))
    assert cloud.wire.count() == {"Query": 1}


def test_a_day_of_which_all_was_given_back_is_not_told(cloud: Cloud, book: UsageTable) -> None:
    item = {**KEY, "d23": {"N": "0"}, "total": {"N": "0"}}
    cloud.aside.put_item(TableName="usage", Item=item)
    assert list(book.days("ada", date(2026, 9, 1), date(2026, 11, 23))) == []


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ThrottlingException"])
def test_a_table_that_refuses_is_unavailable(cloud: Cloud, book: UsageTable, code: str) -> None:
    for _ in range(2):
        cloud.wire.refuse("UpdateItem", code)
    with pytest.raises(Unavailable):
        book.note(TALLY, NOW)


def silent(answered: list[str]) -> Callable[[AWSPreparedRequest], AWSResponse]:
    def made(request: AWSPreparedRequest) -> AWSResponse:
        answered.append(str(request.url))
        raise ReadTimeoutError(endpoint_url=str(request.url))

    return made


def test_the_worker_notes_never_twice_and_finishes_without_an_answer(
    cloud: Cloud, worker: Worker
) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    asked: list[str] = []
    cloud.wire.give("UpdateItem", silent(asked))
    cloud.wire.give("UpdateItem", silent(asked))
    assert worker.run(sample) == []
    assert len(asked) == 1
    assert row(cloud, sample)["status"] == {"S": "succeeded"}


def test_the_worker_notes_what_it_ended_and_a_duplicate_is_not_noted(
    cloud: Cloud, worker: Worker
) -> None:
    sample = event("sqs_two_predictions")
    accept_all(cloud, sample)
    worker.run(sample)
    first = cloud.aside.scan(TableName="usage")["Items"]
    worker.run(sample)
    assert cloud.aside.scan(TableName="usage")["Items"] == first
    succeeded = [item[name] for item in first for name in item if name.startswith("s")]
    assert succeeded == [{"N": "1"}] * 2

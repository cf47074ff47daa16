from dataclasses import replace

import pytest

from chalicelib.domain.ids import shard_of
from chalicelib.domain.predictions import ERASED, Job, Status
from tests.samples import NOW, PLACE, a_grant, a_job, a_prediction, a_user


@pytest.mark.parametrize(
    ("status", "is_terminal"),
    [
        (Status.QUEUED, False),
        (Status.RUNNING, False),
        (Status.SUCCEEDED, True),
        (Status.FAILED, True),
        (Status.CANCELED, True),
        (Status.EXPIRED, True),
    ],
)
def test_four_statuses_are_final(status: Status, is_terminal: bool) -> None:
    assert status.is_terminal is is_terminal


def test_a_job_has_all_that_a_worker_needs() -> None:
    prediction = a_prediction(a_grant(a_user()), requested_version="1.2.3", expires_at=5)
    assert Job.of(prediction) == Job(
        prediction.id,
        prediction.user_id,
        "temperature",
        "1.2.3",
        prediction.created_at,
        5,
        PLACE,
    )


def test_a_job_that_is_sent_again_says_how_often_it_came_before() -> None:
    prediction = a_prediction(a_grant(a_user()), attempt=3)
    assert Job.of(prediction).attempts == 0
    assert Job.again(prediction) == replace(Job.of(prediction), attempts=3)


def test_a_prediction_lies_in_the_shard_of_its_id() -> None:
    prediction = a_prediction(a_grant(a_user()))
    assert prediction.shard == shard_of(prediction.id)


@pytest.mark.parametrize(
    ("deadline", "is_late"), [(None, False), (NOW + 1, False), (NOW, True), (NOW - 1, True)]
)
def test_from_its_deadline_on_a_job_is_not_started(deadline: int | None, is_late: bool) -> None:
    assert a_job(deadline=deadline).is_late(NOW) is is_late


@pytest.mark.parametrize(
    "change", [{"status": Status.RUNNING}, {"attempt": 2}, {"changed_at": NOW + 1}]
)
def test_every_change_is_another_revision(change: dict[str, int]) -> None:
    prediction = a_prediction(a_grant(a_user()))
    assert replace(prediction, **change).revision != prediction.revision  # type: ignore[arg-type]
    assert replace(prediction, charged=False).revision == prediction.revision


def test_an_erased_one_is_kept_by_no_clock() -> None:
    prediction = a_prediction(a_grant(a_user()), retained_until=NOW + 1)
    erased = replace(prediction, retained_until=ERASED)
    assert (prediction.is_kept(NOW), prediction.is_kept(NOW + 1)) == (True, False)
    assert (prediction.is_erased, erased.is_erased) == (False, True)
    assert not erased.is_kept(0)

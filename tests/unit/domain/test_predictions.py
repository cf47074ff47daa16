import pytest

from chalicelib.domain.ids import shard_of
from chalicelib.domain.predictions import Job, Status
from tests.samples import PLACE, a_grant, a_prediction, a_user


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


def test_a_prediction_lies_in_the_shard_of_its_id() -> None:
    prediction = a_prediction(a_grant(a_user()))
    assert prediction.shard == shard_of(prediction.id)

"""Ends without a result: canceled, expired and erased; and the unit that goes back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import ERASED, Failure, Job, Prediction, Status
from chalicelib.services.ports.results import Written
from tests.contracts.stores import Stores, at_once
from tests.samples import DAY, NOW, a_failure, a_grant, a_prediction, a_success, a_user

LATER = NOW + 5000
WHY = Failure("attempts-exhausted", "Nobody could")


def _accepted(stores: Stores, at: int = NOW, **facts: Any) -> Prediction:
    grant = a_grant(a_user())
    prediction = a_prediction(grant, at, **facts)
    stores.predictions.accept(prediction, grant)
    return prediction


def _used(stores: Stores, prediction: Prediction) -> Usage:
    return stores.used(prediction.user_id, prediction.model)


class EndingsContract:
    def test_what_waits_is_canceled_and_its_unit_goes_back(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        canceled = replace(
            prediction,
            status=Status.CANCELED,
            charged=False,
            completed_at=LATER,
            changed_at=LATER,
        )
        assert stores.predictions.cancel(prediction, LATER) == canceled
        assert stores.stored(prediction) == canceled
        assert _used(stores, prediction) == Usage(0, {23: 0})

    def test_the_unit_goes_back_to_the_day_of_acceptance(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        grant = a_grant(a_user(id=prediction.user_id))
        stores.predictions.accept(a_prediction(grant, NOW + DAY), grant)
        stores.predictions.cancel(prediction, NOW + DAY)
        assert _used(stores, prediction) == Usage(1, {23: 0, 24: 1})

    def test_what_runs_is_canceled_and_stays_counted(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        stores.results.claim(Job.of(prediction), 2, NOW + 5)
        canceled = stores.predictions.cancel(prediction, LATER)
        assert canceled == stores.stored(prediction)
        assert canceled == replace(
            prediction,
            status=Status.CANCELED,
            attempt=2,
            started_at=NOW + 5,
            completed_at=LATER,
            changed_at=LATER,
        )
        assert _used(stores, prediction).total == 1

    def test_what_has_ended_stays_as_it_is(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        before = stores.stored(prediction)
        assert stores.predictions.cancel(prediction, LATER) == before
        assert stores.stored(prediction) == before
        assert _used(stores, prediction).total == 1

    def test_what_is_not_there_cannot_be_canceled(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.predictions.cancel(absent, LATER) is None
        assert stores.stored(absent) is None

    def test_what_was_never_charged_gives_nothing_back(self, stores: Stores) -> None:
        prediction = _accepted(stores, charged=False)
        canceled = stores.predictions.cancel(prediction, LATER)
        assert canceled
        assert (canceled.status, canceled.charged) == (Status.CANCELED, False)
        assert _used(stores, prediction).total == 1

    def test_of_ten_who_cancel_at_once_one_gives_the_unit_back(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        grant = a_grant(a_user(id=prediction.user_id))
        stores.predictions.accept(a_prediction(grant), grant)
        ended = at_once(
            [LATER + n for n in range(10)], lambda at: stores.predictions.cancel(prediction, at)
        )
        assert all(each == ended[0] for each in ended)
        assert _used(stores, prediction) == Usage(1, {23: 1})

    def test_a_result_that_comes_after_the_cancellation_is_dropped(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        canceled = stores.predictions.cancel(prediction, LATER)
        assert stores.results.claim(Job.of(prediction), 2, LATER) is Written.LOST
        assert stores.results.finish([a_success(prediction.id)]) == [Written.LOST]
        assert stores.stored(prediction) == canceled

    def test_what_expires_gives_its_unit_back(self, stores: Stores) -> None:
        prediction = _accepted(stores, expires_at=NOW + 1000)
        assert stores.results.expire(Job.of(prediction), LATER) is Written.WON
        assert stores.stored(prediction) == replace(
            prediction,
            status=Status.EXPIRED,
            charged=False,
            completed_at=LATER,
            changed_at=LATER,
        )
        assert _used(stores, prediction) == Usage(0, {23: 0})

    def test_what_was_never_charged_expires_all_the_same(self, stores: Stores) -> None:
        prediction = _accepted(stores, charged=False)
        assert stores.results.expire(Job.of(prediction), LATER) is Written.WON
        found = stores.stored(prediction)
        assert found
        assert found.status is Status.EXPIRED
        assert _used(stores, prediction).total == 1

    def test_what_has_ended_does_not_expire(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        before = stores.stored(prediction)
        assert stores.results.expire(Job.of(prediction), LATER) is Written.LOST
        assert stores.stored(prediction) == before
        assert _used(stores, prediction).total == 1

    def test_it_expires_once(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        grant = a_grant(a_user(id=prediction.user_id))
        stores.predictions.accept(a_prediction(grant), grant)
        job = Job.of(prediction)
        written = [stores.results.expire(job, LATER) for _ in range(3)]
        assert written == [Written.WON, Written.LOST, Written.LOST]
        assert _used(stores, prediction).total == 1

    def test_of_what_is_not_there_and_expires_nothing_is_known(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.expire(Job.of(absent), LATER) is Written.UNKNOWN
        assert stores.stored(absent) is None

    def test_what_is_given_up_fails_with_its_reason_and_gives_its_unit_back(
        self, stores: Stores
    ) -> None:
        prediction = _accepted(stores)
        assert stores.results.give_up(Job.of(prediction), WHY, LATER) is Written.WON
        assert stores.stored(prediction) == replace(
            prediction,
            status=Status.FAILED,
            error=WHY,
            charged=False,
            completed_at=LATER,
            changed_at=LATER,
        )
        assert _used(stores, prediction) == Usage(0, {23: 0})

    def test_what_was_never_charged_is_given_up_with_its_reason(self, stores: Stores) -> None:
        prediction = _accepted(stores, charged=False)
        assert stores.results.give_up(Job.of(prediction), WHY, LATER) is Written.WON
        found = stores.stored(prediction)
        assert found
        assert (found.status, found.error) == (Status.FAILED, WHY)
        assert _used(stores, prediction).total == 1

    def test_what_has_ended_is_not_given_up(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        before = stores.stored(prediction)
        assert stores.results.give_up(Job.of(prediction), WHY, LATER) is Written.LOST
        assert stores.stored(prediction) == before
        assert _used(stores, prediction).total == 1

    def test_of_what_is_not_there_and_given_up_nothing_is_known(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.give_up(Job.of(absent), WHY, LATER) is Written.UNKNOWN

    def test_of_a_late_result_and_the_giving_up_one_wins_and_only_that_refunds(
        self, stores: Stores
    ) -> None:
        prediction = _accepted(stores)
        acts: list[Callable[[], Written]] = [
            lambda: stores.results.finish([a_success(prediction.id)])[0],
            lambda: stores.results.give_up(Job.of(prediction), WHY, LATER),
        ]
        written = at_once(acts, lambda act: act())
        assert sorted(written, key=lambda each: each.name) == [Written.LOST, Written.WON]
        found = stores.stored(prediction)
        assert found
        is_given_up = written[1] is Written.WON
        assert found.status is (Status.FAILED if is_given_up else Status.SUCCEEDED)
        assert _used(stores, prediction).total == (0 if is_given_up else 1)

    def test_an_erased_one_is_a_tombstone(self, stores: Stores) -> None:
        prediction = _accepted(stores, metadata={"name": "Ada"}, batch_id=uuid7(NOW))
        stores.results.finish([a_failure(prediction.id)])
        before = stores.stored(prediction)
        stores.predictions.erase(prediction, LATER)
        assert before
        assert stores.stored(prediction) == replace(
            before,
            input=None,
            output=None,
            metadata={},
            error=None,
            retained_until=ERASED,
            changed_at=LATER,
        )
        assert _used(stores, prediction).total == 1

    @pytest.mark.parametrize("times", [1, 2])
    def test_an_output_is_erased_too(self, stores: Stores, times: int) -> None:
        prediction = _accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        for _ in range(times):
            stores.predictions.erase(prediction, LATER)
        found = stores.stored(prediction)
        assert found
        assert (found.status, found.output) == (Status.SUCCEEDED, None)
        assert found.is_erased

    def test_what_has_not_ended_or_is_not_there_is_not_erased(self, stores: Stores) -> None:
        prediction, absent = _accepted(stores), a_prediction(a_grant(a_user()))
        for each in (prediction, absent):
            stores.predictions.erase(each, LATER)
        assert stores.stored(prediction) == prediction
        assert stores.stored(absent) is None

    def test_a_glimpse_is_of_what_is_there(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        assert stores.predictions.glimpse(prediction.id) == prediction
        assert stores.predictions.glimpse(uuid7(NOW)) is None

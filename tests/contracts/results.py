"""Where a worker writes; on `stores` alone, so that an emulator's own PartiQL can be asked."""

from dataclasses import replace

import pytest

from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Failure, Job, Metrics, Prediction, Status
from chalicelib.services.ports.results import Written
from tests.contracts.stores import Stores
from tests.samples import NOW, a_failure, a_grant, a_prediction, a_success, a_user


class ResultsContract:
    def test_a_success_is_read_back_as_it_was_written(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        output = '{"temperature":8.560720654765046,"words":["naïve 🙂"],"none":null}'
        written = stores.results.finish([a_success(prediction.id, output, version="1.2.0")])
        assert written == [Written.WON]
        assert stores.stored(prediction) == replace(
            prediction,
            status=Status.SUCCEEDED,
            version="1.2.0",
            output={"temperature": 8.560720654765046, "words": ["naïve 🙂"], "none": None},
            metrics=Metrics(10, 4, 7),
            started_at=NOW + 10,
            completed_at=NOW + 20,
            changed_at=NOW + 20,
        )

    def test_a_failure_is_read_back_with_its_reason(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_failure(prediction.id, "invalid-input", 'No "month" 13')])
        found = stores.stored(prediction)
        assert found
        assert (found.status, found.output) == (Status.FAILED, None)
        assert found.error == Failure("invalid-input", 'No "month" 13')

    def test_the_first_writer_wins_and_the_second_changes_nothing(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        first = stores.stored(prediction)
        assert stores.results.finish([a_failure(prediction.id)]) == [Written.LOST]
        assert stores.stored(prediction) == first

    def test_of_a_prediction_that_is_not_there_nothing_is_known(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.finish([a_success(absent.id)]) == [Written.UNKNOWN]
        assert stores.stored(absent) is None

    def test_each_outcome_has_an_answer_of_its_own_in_order(self, stores: Stores) -> None:
        done, waiting = self._accepted(stores), self._accepted(stores)
        stores.results.finish([a_success(done.id)])
        outcomes = [a_success(id) for id in (done.id, uuid7(NOW), waiting.id)]
        answers = [Written.LOST, Written.UNKNOWN, Written.WON]
        assert stores.results.finish(outcomes) == answers

    @pytest.mark.parametrize("count", [0, 1, 25, 26, 51])
    def test_any_number_of_outcomes_is_written(self, stores: Stores, count: int) -> None:
        predictions = [self._accepted(stores) for _ in range(count)]
        written = stores.results.finish([a_success(each.id) for each in predictions])
        assert written == [Written.WON] * count
        assert all(self._status(stores, each) is Status.SUCCEEDED for each in predictions)

    def test_a_claimed_prediction_runs_and_can_be_finished(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        job = Job.of(prediction)
        assert stores.results.claim(job, 2, NOW + 5) is Written.WON
        claimed = stores.stored(prediction)
        assert claimed == replace(
            prediction, status=Status.RUNNING, attempt=2, started_at=NOW + 5, changed_at=NOW + 5
        )
        assert stores.results.finish([a_success(prediction.id)]) == [Written.WON]

    def test_a_claim_may_be_made_again_and_says_so(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        job = Job.of(prediction)
        stores.results.claim(job, 2, NOW)
        assert stores.results.claim(job, 3, NOW) is Written.AGAIN
        claimed = stores.stored(prediction)
        assert claimed is not None
        assert claimed.attempt == 3
        assert stores.results.claim(job, 3, NOW) is Written.AGAIN

    def test_what_has_ended_cannot_be_claimed(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        assert stores.results.claim(Job.of(prediction), 2, NOW) is Written.LOST
        assert self._status(stores, prediction) is Status.SUCCEEDED

    def test_what_is_not_there_cannot_be_claimed(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.claim(Job.of(absent), 2, NOW) is Written.UNKNOWN
        assert stores.stored(absent) is None

    def _accepted(self, stores: Stores) -> Prediction:
        grant = a_grant(a_user())
        prediction = a_prediction(grant)
        stores.predictions.accept(prediction, grant)
        return prediction

    def _status(self, stores: Stores, prediction: Prediction) -> Status | None:
        found = stores.stored(prediction)
        return found.status if found else None

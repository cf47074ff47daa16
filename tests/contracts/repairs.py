"""What has not ended when it should have is found, and looked after by one sweep at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.ids import SHARDS, shard_of, uuid7
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.services.ports.repairs import Due, Open
from chalicelib.services.ports.results import Written
from tests.contracts.stores import Stores, at_once
from tests.samples import DAY, NOW, a_grant, a_prediction, a_success, a_user

PATIENCE = 2 * 180_000
"""Twice the default visibility timeout."""
THEN = NOW + PATIENCE
LATER = THEN + PATIENCE


def _accepted(stores: Stores, at: int = NOW, **facts: Any) -> Prediction:
    grant = a_grant(a_user())
    prediction = a_prediction(grant, at, **facts)
    stores.predictions.accept(prediction, grant)
    return prediction


def _batch(stores: Stores, size: int = 3, stored: int = 0) -> Batch:
    """So many were counted, and so many stored."""
    grant, id = a_grant(a_user()), uuid7(NOW)
    batch = Batch(id, grant.user_id, grant.model, size, NOW, NOW + DAY)
    stores.predictions.accept_batch(batch, grant)
    members = [
        a_prediction(grant, id=member_id(id, at), batch_id=id, created_at=NOW)
        for at in range(stored)
    ]
    stores.predictions.store(members)
    return batch


def _all_due(stores: Stores, now: int, most: int = 500) -> list[Due]:
    found = [stores.repairs.due(shard, now, most) for shard in range(SHARDS)]
    return [each for some in found for each in some]


def _due(stores: Stores, of: Prediction | Batch, now: int = THEN) -> Sequence[Due]:
    return stores.repairs.due(of.shard, now, 500)


class RepairsContract:
    def test_what_is_accepted_is_due_after_twice_the_visibility_timeout(
        self, stores: Stores
    ) -> None:
        prediction = _accepted(stores)
        assert _all_due(stores, THEN - 1) == []
        assert _all_due(stores, THEN) == [Due(prediction.id, THEN)]

    def test_it_lies_in_the_shard_of_its_id(self, stores: Stores) -> None:
        some = [_accepted(stores) for _ in range(12)]
        for shard in range(SHARDS):
            found = {each.id for each in stores.repairs.due(shard, THEN, 500)}
            assert found == {each.id for each in some if shard_of(each.id) == shard}

    def test_the_longest_overdue_come_first_and_no_more_than_are_asked_for(
        self, stores: Stores
    ) -> None:
        ids = [f"{uuid7(NOW)[:-1]}8" for _ in range(5)]
        for place, id in enumerate(ids):
            _accepted(stores, NOW - place, id=id)
        found = stores.repairs.due(0, THEN, 3)
        assert [each.at for each in found] == [THEN - 4, THEN - 3, THEN - 2]

    def test_what_has_ended_is_not_due(self, stores: Stores) -> None:
        done, canceled, expired = (_accepted(stores) for _ in range(3))
        stores.results.finish([a_success(done.id)])
        stores.predictions.cancel(canceled, NOW + 5)
        stores.results.expire(Job.of(expired), NOW + 5)
        assert _all_due(stores, LATER) == []

    def test_what_is_claimed_is_due_when_its_message_has_long_come_again(
        self, stores: Stores
    ) -> None:
        prediction = _accepted(stores)
        stores.results.claim(Job.of(prediction), 2, NOW + 1000)
        assert _due(stores, prediction) == []
        assert _due(stores, prediction, LATER) == [Due(prediction.id, THEN + 1000)]

    def test_who_takes_it_gets_it_as_it_is_and_it_is_due_later(self, stores: Stores) -> None:
        prediction = _accepted(stores, metadata={"order": 7}, cache_key="5f2a")
        [due] = _due(stores, prediction)
        assert stores.repairs.take(due, THEN, LATER) == Open(prediction, 1)
        assert stores.stored(prediction) == prediction
        assert _all_due(stores, LATER) == [Due(prediction.id, LATER)]

    def test_how_often_it_was_taken_is_counted(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        for sweeps in range(1, 4):
            [due] = _due(stores, prediction, LATER)
            assert stores.repairs.take(due, THEN, due.at + 1) == Open(prediction, sweeps)

    def test_what_runs_is_taken_with_its_attempt(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        stores.results.claim(Job.of(prediction), 3, NOW)
        [due] = _due(stores, prediction)
        taken = stores.repairs.take(due, THEN, LATER)
        assert isinstance(taken, Open)
        assert (taken.prediction.status, taken.prediction.attempt) == (Status.RUNNING, 3)

    def test_of_ten_who_take_it_at_once_one_gets_it(self, stores: Stores) -> None:
        [due] = _due(stores, _accepted(stores))
        taken = at_once([LATER + n for n in range(10)], lambda at: stores.repairs.take(due, 0, at))
        assert sum(each is not None for each in taken) == 1

    def test_what_ended_meanwhile_is_not_taken_and_stays_as_it_is(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        [due] = _due(stores, prediction)
        stores.results.finish([a_success(prediction.id)])
        assert stores.repairs.take(due, THEN, LATER) is None
        assert _all_due(stores, LATER) == []

    def test_what_is_not_there_is_not_taken(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.repairs.take(Due(absent.id, THEN), THEN, LATER) is None
        assert stores.stored(absent) is None
        assert _all_due(stores, LATER) == []

    @pytest.mark.parametrize("deadline", [NOW, THEN])
    def test_what_is_past_its_deadline_is_told_and_stays_due(
        self, stores: Stores, deadline: int
    ) -> None:
        prediction = _accepted(stores, expires_at=deadline)
        [due] = _due(stores, prediction)
        assert stores.repairs.take(due, THEN, LATER) == Open(prediction, 0)
        assert _due(stores, prediction) == [due]

    def test_what_has_time_left_is_taken(self, stores: Stores) -> None:
        prediction = _accepted(stores, expires_at=THEN + 1)
        [due] = _due(stores, prediction)
        assert stores.repairs.take(due, THEN, LATER) == Open(prediction, 1)
        assert _due(stores, prediction) == []

    def test_what_is_past_its_deadline_and_has_ended_is_not_told(self, stores: Stores) -> None:
        prediction = _accepted(stores, expires_at=NOW)
        [due] = _due(stores, prediction)
        assert stores.results.expire(Job.of(prediction), THEN) is Written.WON
        assert stores.repairs.take(due, THEN, LATER) is None

    def test_what_was_taken_can_be_run_and_ended(self, stores: Stores) -> None:
        prediction = _accepted(stores)
        [due] = _due(stores, prediction)
        stores.repairs.take(due, THEN, LATER)
        assert stores.results.claim(Job.of(prediction), 2, THEN) is Written.WON
        assert stores.results.finish([a_success(prediction.id)]) == [Written.WON]
        assert _all_due(stores, 2 * LATER) == []

    def test_a_batch_is_due_when_nobody_stores_its_predictions_any_more(
        self, stores: Stores
    ) -> None:
        batch = _batch(stores)
        assert _all_due(stores, NOW + 59_999) == []
        assert _all_due(stores, NOW + 60_000) == [Due(batch.id, NOW + 60_000, is_batch=True)]

    def test_who_takes_a_batch_gets_it_as_it_is(self, stores: Stores) -> None:
        batch = _batch(stores)
        [due] = _due(stores, batch)
        assert stores.repairs.take(due, THEN, LATER) == batch
        assert stores.repairs.take(due, THEN, LATER) is None
        assert _due(stores, batch, LATER) == [replace(due, at=LATER)]

    def test_a_settled_batch_has_given_back_what_it_misses_and_is_not_due_again(
        self, stores: Stores
    ) -> None:
        batch = _batch(stores, size=7, stored=4)
        assert stores.repairs.settle(batch, 3)
        assert stores.used(batch.user_id, batch.model) == Usage(4, {23: 4})
        assert not [each for each in _all_due(stores, LATER) if each.is_batch]

    def test_it_is_settled_once(self, stores: Stores) -> None:
        batch = _batch(stores, size=7)
        assert [stores.repairs.settle(batch, 2) for _ in range(3)] == [True, False, False]
        assert stores.used(batch.user_id, batch.model) == Usage(5, {23: 5})

    def test_one_that_misses_nothing_gives_nothing_back(self, stores: Stores) -> None:
        batch = _batch(stores, size=7)
        assert [stores.repairs.settle(batch, 0) for _ in range(2)] == [True, False]
        assert stores.used(batch.user_id, batch.model) == Usage(7, {23: 7})

    def test_of_more_than_is_counted_nothing_goes_back(self, stores: Stores) -> None:
        batch = _batch(stores, size=2)
        assert stores.repairs.settle(batch, 3)
        assert stores.used(batch.user_id, batch.model) == Usage(2, {23: 2})
        assert _all_due(stores, LATER) == []

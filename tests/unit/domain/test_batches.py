"""Many predictions that were asked for at once."""

from dataclasses import replace
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.batches import STORING, Batch, are_done, member_id
from chalicelib.domain.ids import SHARDS, instant_of, is_prediction_id, shard_of, uuid7
from chalicelib.domain.predictions import Status
from tests.samples import DAY, NOW

BATCH = Batch("b", "ada", "double", 10, NOW, NOW + DAY)
NOBODY = dict.fromkeys(Status, 0)
IDS = st.integers(0, 2**48 - 1).map(uuid7)
LAST = 999


@given(IDS)
def test_its_predictions_sort_as_their_inputs_do_and_no_two_are_the_same(batch_id: str) -> None:
    ids = [member_id(batch_id, place) for place in range(LAST + 1)]
    assert ids == sorted(set(ids))


@given(IDS, st.integers(0, LAST))
def test_the_id_of_each_is_a_uuid_of_version_7_of_the_batchs_instant(
    batch_id: str, place: int
) -> None:
    id = member_id(batch_id, place)
    assert is_prediction_id(id)
    assert UUID(id).variant == RFC_4122
    assert instant_of(id) == instant_of(batch_id)


@given(IDS, st.integers(0, LAST + 1 - SHARDS))
def test_any_eight_in_a_row_lie_in_all_shards(batch_id: str, first: int) -> None:
    places = range(first, first + SHARDS)
    assert {shard_of(member_id(batch_id, place)) for place in places} == set(range(SHARDS))


def test_even_the_last_random_bits_count_on() -> None:
    batch_id = str(UUID(int=UUID(uuid7(NOW)).int | (1 << 62) - 1))
    ids = [member_id(batch_id, place) for place in range(3)]
    assert ids == sorted(set(ids))
    assert all(map(is_prediction_id, ids))


def test_two_batches_of_one_instant_have_no_prediction_in_common() -> None:
    one, other = ({member_id(uuid7(NOW), place) for place in range(100)} for _ in range(2))
    assert not one & other


def test_what_is_found_is_counted() -> None:
    found = {Status.QUEUED: 1, Status.RUNNING: 2, Status.SUCCEEDED: 3, Status.FAILED: 4}
    assert BATCH.counts(found, NOW + DAY) == {**NOBODY, **found}


@pytest.mark.parametrize(
    ("age", "status"),
    [(0, Status.QUEUED), (STORING - 1, Status.QUEUED), (STORING, Status.FAILED)],
)
def test_what_is_not_there_is_about_to_be_stored_and_has_failed_after_a_while(
    age: int, status: Status
) -> None:
    found = {Status.QUEUED: 2, Status.FAILED: 3}
    counted = {**NOBODY, **found}
    counted[status] += 5
    assert BATCH.counts(found, NOW + age) == counted


def test_more_than_there_should_be_takes_nothing_away() -> None:
    assert BATCH.counts({Status.SUCCEEDED: 11}, NOW) == {**NOBODY, Status.SUCCEEDED: 11}


def test_what_is_not_found_is_missing() -> None:
    assert BATCH.missing({Status.QUEUED: 2, Status.FAILED: 3}) == 5
    assert BATCH.missing({Status.SUCCEEDED: 11}) == 0


def test_it_is_due_when_nobody_stores_anything_any_more() -> None:
    assert not BATCH.is_young(BATCH.due - 30_000)
    assert BATCH.due == NOW + 2 * STORING


def test_it_is_done_when_none_can_change_any_more() -> None:
    ended = {status: 1 for status in Status if status.is_terminal}
    assert are_done({**NOBODY, **ended})
    assert not are_done({**NOBODY, **ended, Status.QUEUED: 1})
    assert not are_done({**NOBODY, **ended, Status.RUNNING: 1})


def test_it_is_kept_to_the_end_of_its_retention() -> None:
    assert BATCH.is_kept(NOW + DAY - 1)
    assert not BATCH.is_kept(NOW + DAY)
    assert replace(BATCH, retained_until=NOW + 1).is_kept(NOW)

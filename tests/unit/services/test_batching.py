"""Many predictions in one request."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.access import Usage
from chalicelib.domain.batches import STORING, Batch, member_id
from chalicelib.domain.predictions import Job, Json, Status
from chalicelib.domain.receipts import KEPT, Operation
from chalicelib.errors import (
    AppError,
    BatchUnfinished,
    Invalid,
    KeyReused,
    ModelDisabled,
    NoGrant,
    QuotaExceeded,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from chalicelib.services.admitting import Admission, Asked
from chalicelib.services.batching import AcceptedBatch, Batching
from chalicelib.services.validation import MOST_FINDINGS
from tests.fakes import FakePredictions
from tests.samples import DAY, NOW, a_session, claims_of
from tests.world import Person, World

KEY = "8e03978e"
LARGE: Json = {"n": 4, "note": "x" * 128 * 1024}
BAD = (7, 50, 98)
"""Places of a hundred inputs."""


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `double`, without limits."""
    ada = world.somebody()
    world.grant(ada, "double")
    return ada


def admitted(
    use: Services, person: Person, key: str | None = None, model: str = "double"
) -> Admission:
    return use.admitting.admit(person.claims, model, Asked(Operation.BATCH, key=key))


def numbers(count: int) -> list[Json]:
    return [{"n": at % 100} for at in range(count)]


def a_hundred() -> list[Json]:
    """Three do not fit."""
    return [{"n": "4"} if at in BAD else {"n": at} for at in range(100)]


def submitted(
    use: Services, person: Person, inputs: Sequence[Json], key: str | None = None
) -> AcceptedBatch:
    return use.batching.submit(admitted(use, person, key), inputs)


def test_every_input_is_stored_counted_and_queued_in_its_order(
    world: World, use: Services, ada: Person
) -> None:
    accepted = submitted(use, ada, numbers(250))
    ids = list(accepted.ids())
    assert [world.memory.predictions[id or ""].input for id in ids] == numbers(250)
    assert world.kept() == (250, 250, 250)
    assert world.queue.jobs == [Job.of(world.memory.predictions[id or ""]) for id in ids]
    assert not accepted.is_replay


def test_a_batch_waits_behind_those_that_somebody_waits_for(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, numbers(3))
    assert [(each.is_bulk, each.worker) for each in world.queue.messages] == [(True, "light")] * 3


def test_each_prediction_says_whose_it_is_and_what_was_asked(
    world: World, use: Services, ada: Person
) -> None:
    accepted = submitted(use, ada, numbers(2))
    found = world.memory.predictions[member_id(accepted.batch.id, 1)]
    assert (found.batch_id, found.user_id, found.model) == (
        accepted.batch.id,
        ada.user.id,
        "double",
    )
    assert (found.version, found.status, found.created_at) == ("1.2.0", Status.QUEUED, NOW)
    assert (found.metadata, found.expires_at, found.cache) == ({}, None, None)
    assert found.retained_until == NOW + 30 * DAY


def test_a_batch_goes_past_the_cache(world: World, use: Services, ada: Person) -> None:
    world.grant(ada, "shared")
    use.batching.submit(admitted(use, ada, model="shared"), numbers(2))
    assert {each.cache for each in world.memory.predictions.values()} == {"bypass"}
    assert not world.memory.entries


def test_the_batch_is_kept_as_long_as_its_predictions(world: World, use: Services) -> None:
    ada = world.somebody()
    world.grant(ada, "double", retention_days=3)
    batch = submitted(use, ada, numbers(2)).batch
    assert world.memory.batches == {batch.id: batch}
    assert batch == Batch(batch.id, ada.user.id, "double", 2, NOW, NOW + 3 * DAY)


def test_of_a_hundred_with_three_that_do_not_fit_97_are_accepted(
    world: World, use: Services, ada: Person
) -> None:
    accepted = submitted(use, ada, a_hundred())
    assert world.kept() == (97, 97, 97)
    assert accepted.batch.size == 97
    assert [at for at, id in enumerate(accepted.ids()) if id is None] == list(BAD)
    assert accepted.refusals.keys() == set(BAD)
    assert world.memory.predictions.keys() == {id for id in accepted.ids() if id}


def test_what_does_not_fit_is_pointed_at_in_its_place(use: Services, ada: Person) -> None:
    accepted = submitted(use, ada, [{"n": 1}, {"n": "4"}, LARGE])
    misfit, large = accepted.refusals[1], accepted.refusals[2]
    assert isinstance(misfit, Invalid)
    assert [(each["pointer"], each["code"]) for each in misfit.errors] == [
        ("/inputs/1/n", "int_type")
    ]
    assert isinstance(large, TooLarge)


def test_its_predictions_have_the_ids_of_their_places(use: Services, ada: Person) -> None:
    accepted = submitted(use, ada, [{"n": 1}, {}, {"n": 2}])
    wanted = [member_id(accepted.batch.id, 0), None, member_id(accepted.batch.id, 2)]
    assert list(accepted.ids()) == wanted


def test_without_one_that_fits_nothing_is_kept_and_all_are_pointed_at(
    world: World, use: Services, ada: Person
) -> None:
    with pytest.raises(Invalid, match="None of the inputs can be accepted") as refusal:
        submitted(use, ada, [{"n": "4"}, LARGE, {}], KEY)
    assert [(each["pointer"], each["code"]) for each in refusal.value.errors] == [
        ("/inputs/0/n", "int_type"),
        ("/inputs/1", "too-large"),
        ("/inputs/2/n", "missing"),
    ]
    assert world.kept() == (0, 0, 0)
    assert not world.memory.receipts
    assert not world.memory.batches


def test_nobody_reads_more_than_a_few_of_them(use: Services, ada: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        submitted(use, ada, [{}] * 1000)
    assert len(refusal.value.errors) == MOST_FINDINGS


def test_refusals_come_in_their_order(world: World, use: Services, ada: Person) -> None:
    """Each cure leads to the next refusal: 401, 403, 422, 503, 429."""
    with pytest.raises(Unauthorized):
        use.admitting.admit(claims_of(a_session(ada.user)), "double", Asked(Operation.BATCH))
    with pytest.raises(NoGrant):
        submitted(use, world.somebody(), numbers(1))
    world.memory.disabled.add("double")
    world.grant(ada, "double", daily=0)
    with pytest.raises(Invalid):
        submitted(use, ada, [{}])
    with pytest.raises(ModelDisabled):
        submitted(use, ada, numbers(1))
    world.memory.disabled.clear()
    with pytest.raises(QuotaExceeded):
        submitted(use, ada, numbers(1))
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("limit", ["daily", "monthly"])
def test_without_room_for_all_that_fit_none_is_accepted(
    world: World, use: Services, ada: Person, limit: str
) -> None:
    world.grant(ada, "double", **{limit: 97})
    submitted(use, ada, numbers(1))
    with pytest.raises(QuotaExceeded) as refusal:
        submitted(use, ada, a_hundred(), KEY)
    assert refusal.value.violated == (limit,)
    assert str(refusal.value).endswith("there are 96 left")
    assert world.kept() == (1, 1, 1)
    assert not world.memory.receipts


def test_what_does_not_fit_takes_no_room(world: World, use: Services, ada: Person) -> None:
    world.grant(ada, "double", daily=97)
    submitted(use, ada, a_hundred())
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(97, {23: 97})


def test_a_limit_smaller_than_the_batch_is_refused_before_anything_was_counted(
    world: World, use: Services, ada: Person
) -> None:
    world.grant(ada, "double", daily=4)
    with pytest.raises(QuotaExceeded) as refusal:
        submitted(use, ada, numbers(5))
    assert str(refusal.value) == "Daily API call limit exceeded: there are 4 left"
    assert world.kept() == (0, 0, 0)


def test_of_ten_batches_at_once_as_many_are_accepted_as_there_is_room_for(
    world: World, use: Services, ada: Person
) -> None:
    world.grant(ada, "double", daily=35)
    # All are admitted before any is counted: only the transaction can refuse.
    admissions = [admitted(use, ada) for _ in range(10)]

    def attempt(admission: Admission) -> type[AppError] | None:
        try:
            use.batching.submit(admission, numbers(10))
        except AppError as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, admissions))
    assert (answers.count(None), answers.count(QuotaExceeded)) == (3, 7)
    assert world.kept() == (30, 30, 30)


@pytest.mark.parametrize("stored", [0, 1, 99])
def test_what_could_not_be_stored_is_told_and_the_others_run(
    world: World, use: Services, ada: Person, stored: int
) -> None:
    world.predictions.most_stored = stored
    with pytest.raises(Unavailable, match=f"^{100 - stored} of 100 predictions of") as refusal:
        submitted(use, ada, numbers(100))
    assert refusal.value.retry_after == 1
    assert world.kept() == (stored, 100, stored)
    assert [job.id for job in world.queue.jobs] == sorted(world.memory.predictions)


def test_a_table_that_does_not_take_a_hundred_is_not_asked_for_the_next(
    world: World, use: Services, ada: Person
) -> None:
    world.predictions.most_stored = 60
    with pytest.raises(Unavailable, match=r"^190 of 250 predictions of batch"):
        submitted(use, ada, numbers(250))
    assert world.kept() == (60, 250, 60)


def test_what_could_not_be_queued_is_accepted_and_left_to_the_sweeper(
    world: World, use: Services, ada: Person, log: StringIO
) -> None:
    world.queue.is_down = True
    accepted = submitted(use, ada, numbers(3))
    assert world.kept() == (3, 3, 0)
    assert accepted.batch.id in log.getvalue()


def test_what_was_queued_leaves_no_line(use: Services, ada: Person, log: StringIO) -> None:
    submitted(use, ada, numbers(3))
    assert log.getvalue() == ""


def test_what_could_not_be_counted_is_not_kept(world: World, use: Services, ada: Person) -> None:
    admission = admitted(use, ada, KEY)
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.batching.submit(admission, numbers(3))
    assert world.kept() == (0, 0, 0)
    assert not world.memory.receipts


def test_the_same_batch_again_costs_nothing_and_is_the_same(
    world: World, use: Services, ada: Person
) -> None:
    first, second = (submitted(use, ada, a_hundred(), KEY) for _ in range(2))
    assert second.is_replay
    assert not second.is_done
    assert second.batch == first.batch
    assert list(second.ids()) == list(first.ids())
    assert world.kept() == (97, 97, 97)
    [receipt] = world.memory.receipts.values()
    assert (receipt.made, receipt.until) == (first.batch.id, NOW // 1000 + KEPT)


def test_it_works_on_a_full_quota_and_a_model_that_is_switched_off(
    world: World, use: Services, ada: Person
) -> None:
    world.grant(ada, "double", daily=3)
    first = submitted(use, ada, numbers(3), KEY)
    world.memory.disabled.add("double")
    assert submitted(use, ada, numbers(3), KEY).batch == first.batch


def test_a_batch_that_has_ended_is_done(world: World, use: Services, ada: Person) -> None:
    submitted(use, ada, numbers(3), KEY)
    for prediction in list(world.memory.predictions.values()):
        ended = replace(prediction, status=Status.CANCELED)
        world.memory.predictions[prediction.id] = ended
    assert submitted(use, ada, numbers(3), KEY).is_done


def test_a_batch_that_is_being_stored_is_unfinished_and_after_a_while_it_is_not(
    world: World, use: Services, ada: Person
) -> None:
    world.predictions.most_stored = 2
    with pytest.raises(Unavailable):
        submitted(use, ada, numbers(3), KEY)
    world.clock.advance(STORING - 1)
    with pytest.raises(BatchUnfinished) as refusal:
        submitted(use, ada, numbers(3), KEY)
    assert refusal.value.retry_after == 1
    world.clock.advance(1)
    again = submitted(use, ada, numbers(3), KEY)
    assert (again.is_replay, again.is_done) == (True, False)
    assert world.kept() == (2, 3, 2)


def test_a_batch_of_which_nothing_was_stored_is_done_after_a_while(
    world: World, use: Services, ada: Person
) -> None:
    world.predictions.most_stored = 0
    with pytest.raises(Unavailable):
        submitted(use, ada, numbers(3), KEY)
    world.clock.advance(STORING)
    assert submitted(use, ada, numbers(3), KEY).is_done


@pytest.mark.parametrize("inputs", [[{"n": 1}], [{"n": 2}, {"n": 1}], [{"n": 1}, {"n": 2}, {}]])
def test_with_other_inputs_it_is_refused(
    world: World, use: Services, ada: Person, inputs: list[Any]
) -> None:
    submitted(use, ada, [{"n": 1}, {"n": 2}], KEY)
    with pytest.raises(KeyReused):
        submitted(use, ada, inputs, KEY)
    assert world.kept() == (2, 2, 2)


def test_without_a_key_the_same_again_is_another(world: World, use: Services, ada: Person) -> None:
    ids = {submitted(use, ada, numbers(1)).batch.id for _ in range(2)}
    assert len(ids) == 2
    assert not world.memory.receipts


def test_of_ten_at_once_with_one_key_one_makes_it(world: World, use: Services, ada: Person) -> None:
    admissions = [admitted(use, ada, KEY) for _ in range(10)]

    def submit(admission: Admission) -> AcceptedBatch | BatchUnfinished:
        try:
            return use.batching.submit(admission, numbers(3))
        except BatchUnfinished as refusal:
            return refusal

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(submit, admissions))
    made = [each for each in found if isinstance(each, AcceptedBatch)]
    assert len({each.batch.id for each in made}) == 1
    assert [each.is_replay for each in made].count(False) == 1
    assert world.kept() == (3, 3, 3)


def test_who_is_overtaken_with_other_inputs_is_refused(use: Services, ada: Person) -> None:
    first, second = (admitted(use, ada, KEY) for _ in range(2))
    use.batching.submit(first, numbers(3))
    with pytest.raises(KeyReused):
        use.batching.submit(second, numbers(4))


class Slow(FakePredictions):
    """Counts the batch, and stores its rows only after somebody asked again."""

    def __init__(self, world: World, use: Services, person: Person) -> None:
        super().__init__(world.memory)
        self._again: Callable[[], object] = lambda: submitted(use, person, numbers(3), KEY)
        self.told: type[AppError] | None = None

    def store(self, predictions: Sequence[Any]) -> Sequence[Any]:
        try:
            self._again()
        except BatchUnfinished as refusal:
            self.told = type(refusal)
        return super().store(predictions)


def test_who_asks_again_while_it_is_stored_is_told_to_come_back(
    world: World, use: Services, ada: Person
) -> None:
    slow = Slow(world, use, ada)
    batching = Batching(slow, world.queue, world.clock)
    batching.submit(admitted(use, ada, KEY), numbers(3))
    assert slow.told is BatchUnfinished
    assert world.kept() == (3, 3, 3)

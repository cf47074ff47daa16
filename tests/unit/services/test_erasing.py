"""What becomes of the predictions of users who are removed."""

import json
from io import StringIO
from typing import Any

import pytest

from chalicelib.domain.erasures import SETTLED, SOON, Erasure
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.errors import Unavailable
from chalicelib.services.erasing import PAGE, Erasing
from tests.fakes import FakePredictions
from tests.samples import DAY, NOW, a_failure, a_grant, a_prediction, a_success
from tests.world import Person, World

AMPLE = 60_000
PLAIN: dict[str, Any] = {"input": None, "output": None, "metadata": {}, "error": None}


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def bob(world: World) -> Person:
    return world.somebody()


def remove(world: World, person: Person) -> Erasure:
    """As the API does; the erasure that it asks for first."""
    world.erasures.ask(Erasure(person.user.id, world.clock()), SOON)
    world.users.remove(person.user)
    return world.erasures.asked[-1][1]


def work(world: World, left_ms: int = AMPLE, erasing: Erasing | None = None) -> int:
    """All that is received now; how much that was."""
    received = world.erasures.received()
    for erasure in received:
        (erasing or world.erasing()).work(erasure, lambda: left_ms)
    return len(received)


def work_until_nothing_is_asked_for(world: World, left_ms: int = AMPLE) -> list[int]:
    """To the end, however long it takes; the seconds after which something was to do."""
    began, times = world.clock(), list[int]()
    while world.erasures.asked:
        assert len(times) < 20, times
        world.clock.now = max(world.clock(), min(at for at, _ in world.erasures.asked))
        times.append((world.clock() - began) // 1000)
        work(world, left_ms)
    return times


def stored(world: World, person: Person) -> list[Prediction]:
    return [each for each in world.memory.predictions.values() if each.user_id == person.user.id]


def facts(prediction: Prediction) -> dict[str, Any]:
    """What was the user's."""
    return {name: getattr(prediction, name) for name in PLAIN}


def one_of_each(world: World, person: Person) -> list[Prediction]:
    """Queued, running, succeeded and failed."""
    some = [world.accepted(person, "double", metadata={"name": "Ada"}) for _ in range(4)]
    world.results.claim(Job.of(some[1]), 2, NOW)
    world.results.finish([a_success(some[2].id), a_failure(some[3].id)])
    return some


def used(world: World, person: Person) -> int:
    return sum(usage.total for key, usage in world.memory.usage.items() if person.user.id in key)


def outcomes(log: StringIO) -> list[str]:
    return [json.loads(line)["outcome"] for line in log.getvalue().splitlines()]


def test_each_prediction_of_a_removed_user_ends_and_becomes_a_tombstone(
    world: World, ada: Person
) -> None:
    before = one_of_each(world, ada)
    remove(world, ada)
    world.clock.advance(seconds=SOON)
    assert work(world) == 1
    after = stored(world, ada)
    assert [each.id for each in after] == [each.id for each in before]
    assert [each.status for each in after] == ["canceled", "canceled", "succeeded", "failed"]
    assert all(each.is_erased and facts(each) == PLAIN for each in after)


def test_what_is_metered_stays_but_for_what_had_not_begun(world: World, ada: Person) -> None:
    one_of_each(world, ada)
    remove(world, ada)
    work_until_nothing_is_asked_for(world)
    assert used(world, ada) == 3
    assert [each.charged for each in stored(world, ada)] == [False, True, True, True]


def test_the_predictions_of_others_stay_as_they_are(world: World, ada: Person, bob: Person) -> None:
    one_of_each(world, ada)
    one_of_each(world, bob)
    before = stored(world, bob)
    remove(world, ada)
    work_until_nothing_is_asked_for(world)
    assert stored(world, bob) == before
    assert used(world, bob) == 4


def test_of_a_user_who_is_not_removed_yet_nothing_is_erased(world: World, ada: Person) -> None:
    one_of_each(world, ada)
    before = stored(world, ada)
    world.erasures.ask(Erasure(ada.user.id, NOW))
    work(world)
    assert stored(world, ada) == before
    world.users.remove(ada.user)
    work_until_nothing_is_asked_for(world)
    assert all(each.is_erased for each in stored(world, ada))


def test_a_removal_that_failed_is_given_up_after_a_few_looks(
    world: World, ada: Person, log: StringIO
) -> None:
    one_of_each(world, ada)
    before = stored(world, ada)
    world.erasures.ask(Erasure(ada.user.id, NOW), SOON)
    assert work_until_nothing_is_asked_for(world) == [2, 4, 8, 16, 32, 64, 120]
    assert stored(world, ada) == before
    assert outcomes(log)[-1] == "the user was not removed"


def test_what_the_last_requests_of_a_user_still_accepted_is_erased_too(
    world: World, ada: Person
) -> None:
    remove(world, ada)
    world.clock.advance(seconds=SOON)
    work(world)
    late = world.accepted(ada, "double", at=world.clock())
    assert work_until_nothing_is_asked_for(world) == [SETTLED // 1000 - SOON]
    assert world.memory.predictions[late.id].is_erased


def test_a_removal_that_is_noticed_late_is_done_with_in_one_round(
    world: World, ada: Person
) -> None:
    one_of_each(world, ada)
    erasure = remove(world, ada)
    world.clock.advance(SETTLED)
    assert work_until_nothing_is_asked_for(world) == [0]
    assert stored(world, ada)[0].is_erased
    assert erasure.rest(world.clock()) == 0


def test_with_time_enough_one_message_is_for_all_pages(
    world: World, ada: Person, log: StringIO
) -> None:
    grant = a_grant(ada.user, "double")
    for at in range(PAGE + 1):
        world.predictions.accept(a_prediction(grant, NOW + at), grant)
    remove(world, ada)
    world.clock.advance(SETTLED)
    assert work(world) == 1
    assert json.loads(log.getvalue())["erased"] == PAGE + 1
    assert world.erasures.asked == []


def test_when_time_is_short_it_goes_on_where_it_was(
    world: World, ada: Person, log: StringIO
) -> None:
    grant = a_grant(ada.user, "double")
    for at in range(2 * PAGE + 1):
        world.predictions.accept(a_prediction(grant, NOW + at), grant)
    remove(world, ada)
    world.clock.advance(SETTLED)
    work_until_nothing_is_asked_for(world, left_ms=0)
    counts = [json.loads(line)["erased"] for line in log.getvalue().splitlines()]
    assert counts == [PAGE, PAGE, 1]
    assert outcomes(log) == ["to be continued", "to be continued", "finished"]
    assert all(each.is_erased for each in stored(world, ada))


def test_a_round_that_began_too_early_is_not_the_last_however_late_it_ends(
    world: World, ada: Person
) -> None:
    grant = a_grant(ada.user, "double")
    for at in range(PAGE + 1):
        world.predictions.accept(a_prediction(grant, NOW + at), grant)
    remove(world, ada)
    world.clock.advance(seconds=SOON)
    work(world, left_ms=0)
    early = world.accepted(ada, "double", at=NOW - 1)  # behind what that round has passed
    world.clock.advance(SETTLED)
    work(world)
    assert not world.memory.predictions[early.id].is_erased
    work_until_nothing_is_asked_for(world)
    assert world.memory.predictions[early.id].is_erased


def test_what_is_past_its_retention_and_not_gone_yet_is_erased_too(
    world: World, ada: Person
) -> None:
    old = world.accepted(ada, "double", retained_until=NOW + DAY)
    world.clock.advance(days=2)
    remove(world, ada)
    work_until_nothing_is_asked_for(world)
    assert world.memory.predictions[old.id].is_erased


def test_the_same_message_twice_changes_nothing_more(world: World, ada: Person) -> None:
    one_of_each(world, ada)
    erasure = remove(world, ada)
    for _ in range(2):
        world.erasing().work(erasure, lambda: AMPLE)
        after, units = stored(world, ada), used(world, ada)
        world.clock.advance(seconds=1)
    assert (stored(world, ada), used(world, ada)) == (after, units)
    assert {each.changed_at for each in after} == {NOW}


class Forgetful(FakePredictions):
    """Forgets what has outlived its retention between the list and the look."""

    def cancel(self, prediction: Prediction, now: int) -> Prediction | None:
        self._memory.predictions.pop(prediction.id)
        return super().cancel(prediction, now)


def test_what_vanishes_meanwhile_is_no_trouble(world: World, ada: Person, log: StringIO) -> None:
    one_of_each(world, ada)
    remove(world, ada)
    world.clock.advance(SETTLED)
    predictions = Forgetful(world.memory)
    erasing = Erasing(world.users, predictions, world.erasures, world.clock)
    assert work(world, erasing=erasing) == 1
    assert [each.status for each in stored(world, ada)] == [Status.SUCCEEDED, Status.FAILED]
    assert json.loads(log.getvalue())["erased"] == 2


@pytest.mark.parametrize("what", ["memory", "erasures"])
def test_what_is_down_sends_the_message_back(world: World, ada: Person, what: str) -> None:
    one_of_each(world, ada)
    erasure = remove(world, ada)
    getattr(world, what).is_down = True
    with pytest.raises(Unavailable):
        world.erasing().work(erasure, lambda: AMPLE)
    getattr(world, what).is_down = False
    world.erasing().work(erasure, lambda: AMPLE)
    assert all(each.is_erased for each in stored(world, ada))


def test_a_message_is_one_line_with_counts_and_nothing_that_was_the_users(
    world: World, ada: Person, log: StringIO
) -> None:
    one_of_each(world, ada)
    erasure = remove(world, ada)
    world.erasing().work(erasure, lambda: AMPLE)
    [line] = [json.loads(each) for each in log.getvalue().splitlines()]
    assert (line["message"], line["user"]) == ("erasure", ada.user.id)
    assert (line["erased"], line["canceled"]) == (4, 2)
    assert "Ada" not in log.getvalue()
    assert ada.user.email not in log.getvalue()

"""Asking once more for what was given up, in place of its owners."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.dead_letters import KEPT, DeadLetter, Reason
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Failure, Job, Prediction, Status
from chalicelib.domain.redrives import Obstacle, Report
from chalicelib.errors import Unavailable
from chalicelib.services.redriving import BUDGET
from tests.contracts.dead_letters import a_letter
from tests.fakes import FakeDeadLetters, FakePredictions
from tests.samples import DAY
from tests.world import Person, World

ROOT = Origin(actor="root")


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `double`, without limits."""
    ada = world.somebody()
    world.grant(ada, "double", retention_days=3)
    return ada


def dead(
    world: World,
    person: Person,
    status: Status = Status.FAILED,
    model: str = "double",
    **facts: Any,
) -> tuple[Prediction, DeadLetter]:
    """A prediction that ended, and its message among the dead letters."""
    said = {"input": {"n": 4}, "metadata": {"a": 1}, **facts}
    made = world.accepted(person, model, **said)
    error = Failure("attempts-exhausted", "x") if status is Status.FAILED else None
    source = replace(made, status=status, error=error)
    world.memory.predictions[source.id] = source
    letter = a_letter(world.clock(), id=source.id)
    world.dead_letters.add(letter)
    return source, letter


def redriven(use: Services, *ids: str) -> Report:
    return use.redriving.redrive(ids, ROOT)


def why(use: Services, letter: DeadLetter) -> Obstacle:
    """Why it is not redriven."""
    report = redriven(use, letter.id)
    assert not report.redriven
    return report.skipped[letter.id]


def test_what_failed_is_asked_for_again_in_place_of_its_owner(
    world: World, use: Services, ada: Person
) -> None:
    source, letter = dead(world, ada)
    world.clock.advance(seconds=5)
    report = redriven(use, letter.id)
    made = world.memory.predictions[report.redriven[letter.id]]
    assert (made.user_id, made.retry_of, made.status) == (ada.user.id, source.id, Status.QUEUED)
    assert (made.input, made.metadata, made.version) == ({"n": 4}, {"a": 1}, "1.2.0")
    assert made.retained_until == world.clock() + 3 * DAY
    assert (report.skipped, report.next) == ({}, None)
    assert world.memory.predictions[source.id] == source


def test_it_is_counted_and_queued_as_a_submit_is_and_the_letter_is_gone(
    world: World, use: Services, ada: Person
) -> None:
    _, letter = dead(world, ada)
    made = redriven(use, letter.id).redriven[letter.id]
    assert world.kept() == (2, 2, 1)
    assert world.queue.jobs == [Job.of(world.memory.predictions[made])]
    assert not world.memory.letters


def test_a_redrive_passes_the_cache_by(world: World, use: Services) -> None:
    person = world.somebody()
    world.grant(person, "shared")
    _, letter = dead(world, person, model="shared")
    made = redriven(use, letter.id).redriven[letter.id]
    assert world.memory.predictions[made].cache == "bypass"
    assert not world.memory.entries


def test_a_thousand_redriven_twice_are_one_each(world: World, use: Services, ada: Person) -> None:
    sources = {dead(world, ada)[0].id for _ in range(1000)}
    first, second = (use.redriving.redrive_all(None, ROOT) for _ in range(2))
    assert first.redriven.keys() == sources
    assert second == Report()
    retried = [each.retry_of for each in world.memory.predictions.values() if each.retry_of]
    assert sorted(retried) == sorted(sources)


def test_letters_that_stayed_are_not_redriven_twice_either(
    world: World, use: Services, ada: Person
) -> None:
    """Each comes back, as if it could not be removed; after days, too."""
    letters = [dead(world, ada)[1] for _ in range(50)]
    use.redriving.redrive_all(None, ROOT)
    world.memory.letters.update({each.id: each for each in letters})
    world.clock.advance(days=2)
    report = use.redriving.redrive_all(None, ROOT)
    assert report.skipped == dict.fromkeys(report.skipped, Obstacle.REDRIVEN)
    assert (len(report.skipped), report.redriven) == (50, {})
    assert world.kept()[0] == 100
    assert not world.memory.letters


def test_of_ten_redrives_at_once_one_makes_it(world: World, use: Services, ada: Person) -> None:
    letters = [dead(world, ada)[1] for _ in range(20)]
    with ThreadPoolExecutor(10) as pool:
        reports = list(pool.map(lambda _: use.redriving.redrive_all(None, ROOT), range(10)))
    made = [id for report in reports for id in report.redriven]
    assert sorted(made) == sorted(each.id for each in letters)
    assert world.kept()[0] == 40


class Interrupting(FakePredictions):
    """Something happens once between the look at a prediction and the acceptance of another."""

    def __init__(self, world: World, meanwhile: Callable[[], object]) -> None:
        super().__init__(world.memory)
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def accept(self, *arguments: Any, **named: Any) -> None:
        if self._meanwhile:
            self._meanwhile.pop()()
        super().accept(*arguments, **named)


def test_who_is_slower_than_another_made_nothing(world: World, ada: Person) -> None:
    """Both have seen the letter, and no receipt: only the transaction can tell."""
    _, letter = dead(world, ada)
    others: list[Report] = []
    faster = world.services()
    world.predictions = Interrupting(world, lambda: others.append(redriven(faster, letter.id)))
    slower = world.services()
    assert why(slower, letter) is Obstacle.REDRIVEN
    assert list(others[0].redriven) == [letter.id]
    assert world.kept() == (2, 2, 1)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.FAILED])
def test_what_did_not_fail_is_left_as_it_is(
    world: World, use: Services, ada: Person, status: Status
) -> None:
    _, letter = dead(world, ada, status)
    assert why(use, letter) == status.value
    assert world.memory.letters == {letter.id: letter}


def test_naming_fifty_that_succeeded_changes_nothing(
    world: World, use: Services, ada: Person
) -> None:
    ids = [dead(world, ada, Status.SUCCEEDED)[1].id for _ in range(50)]
    kept, predictions, letters = world.kept(), dict(world.memory.predictions), len(ids)
    report = redriven(use, *ids)
    assert report == Report({}, dict.fromkeys(ids, Obstacle.SUCCEEDED))
    assert (world.kept(), world.memory.predictions) == (kept, predictions)
    assert (len(world.memory.letters), world.trail.entries) == (letters, [])


def test_what_is_no_dead_letter_is_not_found(world: World, use: Services, ada: Person) -> None:
    """Also the prediction that failed without being given up."""
    source, letter = dead(world, ada)
    world.dead_letters.remove(letter.id)
    assert why(use, letter) is Obstacle.NOT_FOUND
    assert redriven(use, "x").skipped == {"x": Obstacle.NOT_FOUND}
    assert world.memory.predictions == {source.id: source}


def test_what_has_outlived_its_time_is_not_found(world: World, use: Services, ada: Person) -> None:
    """A receipt lives no longer, so nothing could tell that it was redriven before."""
    _, letter = dead(world, ada, retained_until=world.clock() + 400 * DAY)
    world.clock.now = letter.dead_at + KEPT * 1000 - 1000
    assert letter.is_kept(world.clock())
    world.clock.advance(seconds=1)
    assert why(use, letter) is Obstacle.NOT_FOUND


@pytest.mark.parametrize("reason", [Reason.MALFORMED_MESSAGE, Reason.PREDICTION_MISSING])
def test_what_is_of_no_prediction_stays(world: World, use: Services, reason: Reason) -> None:
    letter = a_letter(id=uuid7(world.clock()), reason=reason)
    world.dead_letters.add(letter)
    assert why(use, letter) is Obstacle.NO_PREDICTION
    assert world.memory.letters == {letter.id: letter}


def test_what_its_owner_erased_is_not_asked_for_again(
    world: World, use: Services, ada: Person
) -> None:
    source, letter = dead(world, ada)
    use.ending.erase(source)
    assert why(use, letter) is Obstacle.ERASED


class Stale(FakePredictions):
    """Glimpses what a prediction was a moment ago."""

    def __init__(self, world: World, before: Prediction | None) -> None:
        super().__init__(world.memory)
        self._before = before

    def glimpse(self, prediction_id: str) -> Prediction | None:
        return self._before


def test_what_was_erased_or_removed_a_moment_ago_is_not_asked_for_either(
    world: World, ada: Person
) -> None:
    source, letter = dead(world, ada)
    world.services().ending.erase(source)
    world.predictions = Stale(world, source)
    assert why(world.services(), letter) is Obstacle.ERASED
    del world.memory.predictions[source.id]
    assert why(world.services(), letter) is Obstacle.ERASED


def test_without_its_owner_nothing_is_asked_for(world: World, use: Services, ada: Person) -> None:
    _, letter = dead(world, ada)
    world.memory.users[ada.user.id] = replace(ada.user, is_active=False)
    assert why(use, letter) is Obstacle.NO_USER
    del world.memory.users[ada.user.id]
    assert why(use, letter) is Obstacle.NO_USER
    assert world.memory.letters == {letter.id: letter}


def test_it_is_checked_as_a_submit_is(world: World, use: Services, ada: Person) -> None:
    """Each cure leads to the next obstacle."""
    _, letter = dead(world, ada)
    misfit, huge = dead(world, ada, input={"n": "4"})[1], dead(world, ada, input="x" * 200_000)[1]
    world.access.end_grant(ada.user.id, "double")
    assert why(use, letter) is Obstacle.NO_GRANT
    world.grant(ada, "double", daily=3)
    assert why(use, misfit) is Obstacle.INVALID_INPUT
    assert why(use, huge) is Obstacle.INVALID_INPUT
    world.memory.disabled.add("double")
    assert why(use, letter) is Obstacle.MODEL_DISABLED
    world.memory.disabled.clear()
    assert why(use, letter) is Obstacle.QUOTA_EXCEEDED
    assert world.kept() == (3, 3, 0)
    assert len(world.memory.letters) == 3


def test_a_full_quota_ends_the_redriving_of_its_owner_alone(
    world: World, use: Services, ada: Person
) -> None:
    poor = world.somebody()
    letters = [dead(world, person)[1] for person in (poor, poor, ada)]
    world.grant(poor, "double", daily=3)
    first, second, others = (each.id for each in letters)
    report = redriven(use, first, second, others)
    assert report.redriven.keys() == {first, others}
    assert report.skipped == {second: Obstacle.QUOTA_EXCEEDED}
    assert list(world.memory.letters) == [second]


def test_a_model_that_is_not_served_any_more_has_no_redrives(
    world: World, use: Services, ada: Person
) -> None:
    _, letter = dead(world, ada, model="forgotten")
    assert why(use, letter) is Obstacle.MODEL_NOT_FOUND


class Failing(FakePredictions):
    """The table does not take one of them."""

    def __init__(self, world: World, id: str) -> None:
        super().__init__(world.memory)
        self._id = id

    def glimpse(self, prediction_id: str) -> Prediction | None:
        if prediction_id == self._id:
            raise Unavailable
        return super().glimpse(prediction_id)


def test_one_that_the_table_does_not_take_leaves_the_others(world: World, ada: Person) -> None:
    _, first = dead(world, ada)
    _, second = dead(world, ada)
    world.predictions = Failing(world, first.id)
    report = redriven(world.services(), first.id, second.id)
    assert report.skipped == {first.id: Obstacle.UNAVAILABLE}
    assert list(report.redriven) == [second.id]


def test_a_table_that_is_down_is_told(world: World, use: Services, ada: Person) -> None:
    _, letter = dead(world, ada)
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        redriven(use, letter.id)
    with pytest.raises(Unavailable):
        use.redriving.redrive_all(None, ROOT)


class Sticky(FakeDeadLetters):
    """Nothing can be removed."""

    def remove(self, id: str) -> bool:
        raise Unavailable


def test_a_letter_that_cannot_be_removed_was_redriven_all_the_same(
    world: World, ada: Person
) -> None:
    _, letter = dead(world, ada)
    world.dead_letters = Sticky(world.memory)
    use = world.services()
    assert list(redriven(use, letter.id).redriven) == [letter.id]
    assert why(use, letter) is Obstacle.REDRIVEN


class Slow(FakePredictions):
    """Each look takes its time."""

    def __init__(self, world: World, ms: int) -> None:
        super().__init__(world.memory)
        self._world, self._ms = world, ms

    def glimpse(self, prediction_id: str) -> Prediction | None:
        self._world.clock.advance(self._ms)
        return super().glimpse(prediction_id)


def test_of_those_named_what_there_is_no_time_for_stays(world: World, ada: Person) -> None:
    ids = [dead(world, ada)[1].id for _ in range(5)]
    world.predictions = Slow(world, BUDGET // 2)
    report = redriven(world.services(), *ids)
    assert list(report.redriven) == ids[:2]
    assert report.skipped == dict.fromkeys(ids[2:], Obstacle.NO_TIME)
    assert set(world.memory.letters) == set(ids[2:])


def test_of_all_what_there_is_no_time_for_is_behind_a_place(world: World, ada: Person) -> None:
    """Where nothing is redriven, too, and so every letter stays."""
    letters = [dead(world, ada, Status.SUCCEEDED)[1] for _ in range(5)]
    newest = sorted((each.id for each in letters), reverse=True)
    world.predictions = Slow(world, BUDGET // 2)
    use = world.services()
    found, place = [], None
    for _ in range(3):
        report = use.redriving.redrive_all(place, ROOT)
        found.append(list(report.skipped))
        place = report.next
    assert found == [newest[:2], newest[2:4], newest[4:]]
    assert place is None


def test_an_id_that_is_named_twice_is_redriven_once(
    world: World, use: Services, ada: Person
) -> None:
    _, letter = dead(world, ada)
    report = redriven(use, letter.id, letter.id)
    assert (list(report.redriven), report.skipped) == ([letter.id], {})


def test_each_redrive_is_audited_under_the_letter(world: World, use: Services, ada: Person) -> None:
    ids = [dead(world, ada)[1].id, dead(world, ada, Status.EXPIRED)[1].id]
    redriven(use, *ids)
    found = [(each.event, each.actor, each.target) for each in world.trail.entries]
    assert found == [(Event.LETTER_REDRIVEN, "root", ids[0])]


def test_what_is_purged_is_forgotten_and_audited_and_nothing_else(
    world: World, use: Services, ada: Person
) -> None:
    source, letter = dead(world, ada)
    assert use.redriving.purge([letter.id, letter.id, "x"], ROOT) == [letter.id]
    assert not world.memory.letters
    assert world.memory.predictions == {source.id: source}
    found = [(each.event, each.target) for each in world.trail.entries]
    assert found == [(Event.LETTER_PURGED, letter.id)]

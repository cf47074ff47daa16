"""What the cache does with a submission: answers it, lets it wait for another's, or neither."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.access import Usage
from chalicelib.domain.caching import MOST_WAITERS, Entry, Join, Lead, Waiter
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.domain.usage import Tally
from chalicelib.errors import ModelDisabled, QuotaExceeded, Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.ports.predictions import EntryMoved
from chalicelib.services.submission import TRIES, Order, Submission
from tests.fakes import FakePredictions
from tests.samples import NOW
from tests.unit.services.submitting import (
    FOUR,
    admitted,
    answer,
    entry_key,
    entry_of,
    submitted,
)
from tests.world import Person, World

SECOND = NOW // 1000
OUTPUT = '{"n":8.0}'


@pytest.fixture
def ada(world: World) -> Person:
    """May use every model, without limits."""
    return somebody(world)


def somebody(world: World) -> Person:
    person = world.somebody()
    for spec in world.catalogue:
        world.grant(person, spec.name)
    return person


def full(entry: Entry) -> Entry:
    return replace(entry, waiters=(Waiter("1", "2", NOW),) * MOST_WAITERS)


def test_the_first_to_ask_is_run_and_others_may_wait_for_it(
    world: World, use: Services, ada: Person
) -> None:
    first = submitted(use, ada, "shared").prediction
    key = entry_key(world, "shared")
    assert (first.cache, first.cache_key, first.status) == ("miss", key, Status.QUEUED)
    joining = 2 * world.settings.visibility_timeout
    assert world.memory.entries == {key: Entry(first.id, (), 600, SECOND + joining)}
    assert world.queue.jobs == [Job.of(first)]
    assert world.queue.jobs[0].cache_key == key


def test_the_next_waits_for_it_and_is_not_run(world: World, use: Services, ada: Person) -> None:
    first = submitted(use, ada, "shared").prediction
    world.clock.advance(5)
    bob = somebody(world)
    second = submitted(use, bob, "shared", {"n": 4}, order={"expires_in": 9}).prediction
    assert (second.cache, second.cache_key, second.status) == ("collapsed", None, Status.QUEUED)
    waiter = Waiter(second.id, bob.user.id, NOW + 5, NOW + 9005)
    assert entry_of(world, "shared").waiters == (waiter,)
    assert world.queue.jobs == [Job.of(first)]
    assert world.kept() == (2, 2, 1)


def test_a_result_answers_at_once_and_runs_nothing(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    answer(world, "shared", OUTPUT, "2.0.1")
    world.clock.advance(seconds=60)
    hit = submitted(use, somebody(world), "shared")
    found = hit.prediction
    assert (found.status, found.output, found.cache) == (Status.SUCCEEDED, {"n": 8.0}, "hit")
    assert (found.version, found.requested_version) == ("2.0.1", "2.0.0")
    assert found.created_at == found.completed_at == found.changed_at == NOW + 60_000
    assert (found.started_at, found.metrics, found.error, found.cache_key) == (None,) * 4
    assert hit.fresh_for == 540
    assert world.memory.predictions[found.id] == found
    assert world.kept() == (2, 2, 1)


def test_a_hit_costs_a_unit_and_counts_as_a_success(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    answer(world, "shared", OUTPUT, "2.0.0")
    bob = somebody(world)
    assert submitted(use, bob, "shared").prediction.charged
    assert world.memory.usage[bob.user.id, "2026-11", "shared"] == Usage(1, {23: 1})
    assert world.usage.noted == [Tally(bob.user.id, "shared", 1, 0, 0)]


def test_a_result_without_a_version_is_of_the_present_one(
    world: World, use: Services, ada: Person
) -> None:
    done = Entry("1", (), 600, SECOND + 1, output="null")
    world.memory.entries[entry_key(world, "shared")] = done
    found = submitted(use, ada, "shared").prediction
    assert (found.version, found.output, found.status) == ("2.0.0", None, Status.SUCCEEDED)


@pytest.mark.parametrize("output", [None, OUTPUT])
def test_what_is_past_its_time_is_replaced_by_the_next_to_ask(
    world: World, use: Services, ada: Person, output: str | None
) -> None:
    old = Entry("1", (Waiter("2", "3", NOW),), 600, SECOND, output, "2.0.0")
    world.memory.entries[entry_key(world, "shared")] = old
    first = submitted(use, ada, "shared").prediction
    assert (first.cache, len(world.queue.messages)) == ("miss", 1)
    assert entry_of(world, "shared").leader == first.id


def test_who_finds_a_hundred_waiting_is_run_alone(world: World, use: Services, ada: Person) -> None:
    submitted(use, ada, "shared")
    before = full(entry_of(world, "shared"))
    world.memory.entries[entry_key(world, "shared")] = before
    alone = submitted(use, ada, "shared").prediction
    assert (alone.cache, alone.cache_key) == ("miss", None)
    assert world.queue.jobs[-1] == Job.of(alone)
    assert entry_of(world, "shared") == before


@pytest.mark.parametrize(
    "input", [{"n": 5}, {"n": 4, "m": 1}, {"n": 4, "m": True}, {"n": 4, "N": 4}]
)
def test_another_input_waits_for_nothing(
    world: World, use: Services, ada: Person, input: Any
) -> None:
    submitted(use, ada, "shared", {"m": 2, "n": 4})
    assert submitted(use, ada, "shared", input).prediction.cache == "miss"
    assert len(world.queue.messages) == 2


def test_the_same_in_another_spelling_is_the_same(world: World, use: Services, ada: Person) -> None:
    submitted(use, ada, "shared", {"n": 4, "m": {"a": 1, "b": 7}})
    again = submitted(use, ada, "shared", {"m": {"b": 7.0, "a": 1}, "n": 4})
    assert again.prediction.cache == "collapsed"


def test_a_new_version_does_not_answer_with_the_results_of_the_old_one(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    answer(world, "shared", OUTPUT, "2.0.0")
    spec = replace(world.catalogue.find("shared"), version="2.0.1")
    newer = World(Catalogue([spec]))
    newer.memory.entries |= world.memory.entries
    eve = somebody(newer)
    assert submitted(newer.services(), eve, "shared").prediction.cache == "miss"


def test_what_a_model_keeps_private_is_shared_with_oneself_alone(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "private")
    answer(world, "private", OUTPUT, "1.0.0", whose=ada.user.id)
    bob = somebody(world)
    asked = [submitted(use, who, "private").prediction.cache for who in (ada, bob, bob)]
    assert asked == ["hit", "miss", "collapsed"]


def test_who_wants_a_fresh_result_goes_past_the_cache(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    answer(world, "shared", OUTPUT, "2.0.0")
    before = entry_of(world, "shared")
    fresh = submitted(use, ada, "shared", is_fresh=True).prediction
    assert (fresh.cache, fresh.cache_key, fresh.status) == ("bypass", None, Status.QUEUED)
    assert entry_of(world, "shared") == before
    assert len(world.queue.messages) == 2


def test_what_was_not_looked_for_goes_past_the_cache(
    world: World, use: Services, ada: Person
) -> None:
    admission = use.admitting.admit(ada.claims, "shared")
    assert use.submission.submit(admission, Order(FOUR)).prediction.cache == "bypass"
    assert not world.memory.entries


def test_a_model_without_a_cache_knows_none(world: World, use: Services, ada: Person) -> None:
    found = [submitted(use, ada, is_fresh=fresh).prediction for fresh in (False, True)]
    assert [each.cache for each in found] == [None, None]
    assert not world.memory.entries


def test_a_number_that_has_no_text_is_looked_for_nowhere(
    world: World, use: Services, ada: Person
) -> None:
    assert admitted(use, ada, "shared", {"n": 10**5000}).entry_key is None


def test_a_retry_asks_the_cache_as_a_submit_does(world: World, use: Services, ada: Person) -> None:
    first = submitted(use, ada, "shared").prediction
    answer(world, "shared", OUTPUT, "2.0.0")
    world.memory.predictions[first.id] = replace(first, status=Status.CANCELED)
    again = use.retrying.retry(use.retrying.admit(ada.claims, first.id))
    assert (again.prediction.cache, again.prediction.retry_of) == ("hit", first.id)
    assert again.fresh_for == 600


def test_neither_a_hit_nor_a_wait_passes_the_switch_or_the_quota(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    bob = world.somebody()
    world.grant(bob, "shared", daily=0)
    with pytest.raises(QuotaExceeded):
        submitted(use, bob, "shared")
    answer(world, "shared", OUTPUT, "2.0.0")
    with pytest.raises(QuotaExceeded):
        submitted(use, bob, "shared")
    world.memory.disabled.add("shared")
    with pytest.raises(ModelDisabled):
        submitted(use, ada, "shared")
    assert world.kept() == (1, 1, 1)


def test_who_lost_the_race_to_be_first_joins_who_won(
    world: World, use: Services, ada: Person
) -> None:
    admissions = [admitted(use, ada, "shared") for _ in range(3)]
    found = [use.submission.submit(each, Order(FOUR)).prediction for each in admissions]
    assert [each.cache for each in found] == ["miss", "collapsed", "collapsed"]
    assert [each.id for each in entry_of(world, "shared").waiters] == [
        each.id for each in found[1:]
    ]
    assert [each.id for each in world.queue.jobs] == [found[0].id]


def test_who_wanted_to_join_what_has_ended_meanwhile_has_its_result(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    admission = admitted(use, ada, "shared")
    answer(world, "shared", OUTPUT, "2.0.0")
    hit = use.submission.submit(admission, Order(FOUR))
    assert (hit.prediction.cache, hit.fresh_for) == ("hit", 600)
    assert len(world.queue.messages) == 1


def test_who_wanted_to_join_what_is_gone_meanwhile_is_the_first(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    admission = admitted(use, ada, "shared")
    world.memory.entries.clear()
    first = use.submission.submit(admission, Order(FOUR)).prediction
    assert (first.cache, entry_of(world, "shared").leader) == ("miss", first.id)
    assert world.queue.jobs[-1] == Job.of(first)


def test_who_wanted_to_join_what_filled_up_meanwhile_is_run_alone(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    admission = admitted(use, ada, "shared")
    world.memory.entries[entry_key(world, "shared")] = full(entry_of(world, "shared"))
    assert use.submission.submit(admission, Order(FOUR)).prediction.cache == "miss"
    assert len(world.queue.messages) == 2


class Restless(FakePredictions):
    """Entries that are others each time; `parts` and `tried` have what was asked for."""

    def __init__(self, world: World, moves: Sequence[Entry | None]) -> None:
        super().__init__(world.memory)
        self.moves = list(moves)
        self.parts: list[Lead | Join | None] = []
        self.tried: list[str] = []

    def accept(self, prediction: Prediction, *rest: Any, **named: Any) -> None:
        self.parts.append(named["part"])
        self.tried.append(prediction.id)
        if self.moves:
            raise EntryMoved(self.moves.pop(0))
        super().accept(prediction, *rest, **named)


def over(world: World, use: Services, predictions: FakePredictions) -> Submission:
    return Submission(use.reading, predictions, world.queue, 60)


def test_it_is_decided_anew_by_what_the_entry_is_now(
    world: World, use: Services, ada: Person
) -> None:
    pending = Entry("7", (), 600, SECOND + 9)
    done = replace(pending, output=OUTPUT)
    predictions = Restless(world, [pending, replace(pending, leader="8"), done])
    hit = over(world, use, predictions).submit(admitted(use, ada, "shared"), Order(FOUR))
    key = entry_key(world, "shared")
    lead, *others = predictions.parts
    assert isinstance(lead, Lead)
    assert (lead.key, lead.entry.until) == (key, SECOND + 60)
    assert others == [Join(key, "7"), Join(key, "8"), None]
    assert (hit.prediction.cache, hit.fresh_for) == ("hit", 9)


def test_who_finds_what_is_past_its_time_in_place_of_what_was_there_is_the_first(
    world: World, use: Services, ada: Person
) -> None:
    pending = Entry("7", (), 600, SECOND + 9)
    predictions = Restless(world, [replace(pending, until=SECOND), replace(pending, until=0)])
    world.memory.entries[entry_key(world, "shared")] = pending
    admission = admitted(use, ada, "shared")
    world.memory.entries.clear()
    first = over(world, use, predictions).submit(admission, Order(FOUR)).prediction
    assert [type(part) for part in predictions.parts] == [Join, Lead, Lead]
    assert first.cache == "miss"


def test_each_try_is_a_prediction_of_its_own_and_the_key_is_the_last_ones(
    world: World, use: Services, ada: Person
) -> None:
    """DynamoDB refuses another transaction with the token of one before."""
    predictions = Restless(world, [None, None])
    admission = admitted(use, ada, "shared", key="k")
    made = over(world, use, predictions).submit(admission, Order(FOUR)).prediction
    [receipt] = world.memory.receipts.values()
    assert len(set(predictions.tried)) == 3
    assert receipt.made == made.id == predictions.tried[-1] == entry_of(world, "shared").leader


def test_the_fifth_try_may_succeed(world: World, use: Services, ada: Person) -> None:
    predictions = Restless(world, [None] * (TRIES - 1))
    assert over(world, use, predictions).submit(admitted(use, ada, "shared"), Order(FOUR))
    assert world.kept() == (1, 1, 1)


def test_after_five_tries_it_is_unavailable_and_nothing_is_kept(
    world: World, use: Services, ada: Person
) -> None:
    predictions = Restless(world, [None] * TRIES)
    with pytest.raises(Unavailable) as refusal:
        over(world, use, predictions).submit(admitted(use, ada, "shared"), Order(FOUR))
    assert refusal.value.retry_after == 1
    assert len(predictions.parts) == 5
    assert world.kept() == (0, 0, 0)


def test_who_waits_stays_as_it_is_when_the_entry_is_replaced(
    world: World, use: Services, ada: Person
) -> None:
    submitted(use, ada, "shared")
    waits = submitted(use, ada, "shared").prediction
    world.clock.advance(days=1)
    submitted(use, ada, "shared")
    assert world.memory.predictions[waits.id] == waits
    assert entry_of(world, "shared").waiters == ()

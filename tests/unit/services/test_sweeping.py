"""What is looked after each minute, and what becomes of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.ids import SHARDS, shard_of, uuid7
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.errors import Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.ports.queues import Depth
from chalicelib.services.ports.repairs import Due, Open
from chalicelib.services.sweeping import GROUP, MOST, RESERVE_MS
from tests.fakes import FakeRepairs
from tests.fakes.memory import PATIENCE
from tests.samples import DAY, NOW, a_grant, a_job, a_prediction
from tests.unit.services.models import Double, Shared, spec_of
from tests.unit.services.workers import Worker
from tests.world import Person, World

AMPLE = 60_000
MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


def lost(world: World, ada: Person, **facts: Any) -> Prediction:
    """Accepted, and never queued."""
    facts = {"model": "double", "input": {"n": 4}, "requested_version": "1.2.0", **facts}
    return world.accepted(ada, **facts)


def sweep(world: World, after: int = 0, left_ms: int = AMPLE) -> None:
    """So many milliseconds later."""
    world.clock.advance(after)
    world.sweeping().sweep(lambda: left_ms)


def stood(world: World, prediction: Prediction) -> Prediction:
    """It as it is now."""
    return world.memory.predictions[prediction.id]


def told(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def told_of_sweeps(log: StringIO) -> list[dict[str, Any]]:
    names = ("Resent", "postponed", "expired", "settled", "failed")
    lines = [each for each in told(log) if each["message"] == "sweep"]
    return [{name: each[name] for name in names} for each in lines]


NOTHING = {"Resent": [0.0], "postponed": 0, "expired": 0, "settled": 0, "failed": 0}


# --- sending again


def test_what_was_stored_and_never_queued_is_sent_again_and_succeeds(
    world: World, ada: Person
) -> None:
    prediction = lost(world, ada)
    sweep(world, PATIENCE)
    assert world.queue.jobs_in("bulk") == [replace(Job.of(prediction), attempts=1)]
    assert Worker(world).work() == []
    ended = stood(world, prediction)
    assert (ended.status, ended.output) == (Status.SUCCEEDED, {"n": 8.0, "padding": ""})


def test_before_it_is_due_nothing_is_done_and_nothing_said(
    world: World, ada: Person, log: StringIO
) -> None:
    lost(world, ada)
    sweep(world, PATIENCE - 1)
    assert world.queue.jobs == []
    assert log.getvalue() == ""


def test_what_has_ended_is_left_alone(world: World, ada: Person, log: StringIO) -> None:
    world.predictions.cancel(lost(world, ada), NOW)
    sweep(world, PATIENCE)
    assert (world.queue.jobs, log.getvalue()) == ([], "")


def test_one_line_tells_what_was_done(world: World, ada: Person, log: StringIO) -> None:
    some = [lost(world, ada), lost(world, ada)]
    sweep(world, PATIENCE)
    assert told_of_sweeps(log) == [{**NOTHING, "Resent": [2.0]}]
    assert set(told(log)[-1]["prediction_ids"]) == {each.id for each in some}


def test_until_it_ends_it_is_sent_again_twice_as_late_each_time_and_at_last_each_hour(
    world: World, ada: Person
) -> None:
    lost(world, ada)
    sent: list[int] = []
    for minute in range(1, 300):
        sweep(world, MINUTE)
        if world.queue.jobs:
            sent.append(minute)
            world.queue.messages.clear()
    assert sent == [6, 12, 24, 48, 96, 156, 216, 276]


def test_what_was_claimed_and_lost_is_sent_again_with_the_attempts_that_it_had(
    world: World, ada: Person
) -> None:
    prediction = lost(world, ada)
    world.results.claim(Job.of(prediction), 3, NOW + MINUTE)
    sweep(world, PATIENCE)
    assert world.queue.jobs == []
    sweep(world, MINUTE)
    assert [job.attempts for job in world.queue.jobs] == [3]


def test_who_waited_for_a_result_that_never_came_gets_a_message_of_their_own(
    world: World, ada: Person
) -> None:
    """As they would if their leader's worker had died before it told them."""
    leader, waiter = lost(world, ada), lost(world, ada)
    entry = Entry(leader.id, (Waiter(waiter.id, ada.user.id, NOW),), 600, NOW // 1000 + 60)
    world.memory.entries["5f2a"] = entry
    world.predictions.cancel(leader, NOW)
    sweep(world, PATIENCE)
    assert [job.id for job in world.queue.jobs] == [waiter.id]


def test_each_goes_to_the_workers_of_its_model_and_a_model_that_is_gone_to_the_usual_ones(
    world: World, ada: Person
) -> None:
    catalogue = [spec_of(Double), replace(spec_of(Shared), worker="onnx")]
    world.catalogue = Catalogue(catalogue)
    some = {model: lost(world, ada, model=model).id for model in ("double", "shared", "gone")}
    sweep(world, PATIENCE)
    sent = {message.job.id: message.worker for message in world.queue.messages}
    assert sent == {some["double"]: "light", some["shared"]: "onnx", some["gone"]: "light"}


def test_a_second_sweep_in_the_same_minute_sends_nothing_twice(world: World, ada: Person) -> None:
    lost(world, ada)
    sweep(world, PATIENCE)
    sweep(world)
    assert len(world.queue.jobs) == 1


def test_what_another_sweep_took_is_not_sent(world: World, ada: Person, log: StringIO) -> None:
    class Slower(FakeRepairs):
        """Another is between its look and its hands."""

        def take(self, due: Due, now: int, until: int) -> Open | Batch | None:
            assert super().take(due, now, until)
            return super().take(due, now, until)

    world.repairs = Slower(world.memory)
    lost(world, ada)
    sweep(world, PATIENCE)
    assert (world.queue.jobs, log.getvalue()) == ([], "")


# --- a backlog


def test_while_its_queue_is_not_empty_it_is_sent_only_at_the_fourth_time(
    world: World, ada: Person, log: StringIO
) -> None:
    prediction = lost(world, ada)
    world.queue.send(a_job())
    for _ in range(4):
        assert len(world.queue.jobs) == 1
        sweep(world, world.memory.due[prediction.id] - world.clock())
    assert [job.id for job in world.queue.jobs_in("bulk")] == [prediction.id]
    postponed = {**NOTHING, "postponed": 1}
    assert told_of_sweeps(log) == [postponed, postponed, postponed, {**NOTHING, "Resent": [1.0]}]


def test_when_the_queue_is_empty_again_it_is_sent_the_next_time(world: World, ada: Person) -> None:
    prediction = lost(world, ada)
    world.queue.send(a_job())
    sweep(world, PATIENCE)
    world.queue.messages.clear()
    sweep(world, PATIENCE)
    assert [job.id for job in world.queue.jobs] == [prediction.id]


class Depths:
    """A gauge that tells what it is told, and counts how often it is asked."""

    def __init__(self, *depths: Depth) -> None:
        self._depths = depths
        self.asked = 0

    def depths(self) -> Sequence[Depth]:
        self.asked += 1
        if not self._depths:
            raise Unavailable("The queue does not answer, try again", retry_after=1)
        return self._depths


@pytest.mark.parametrize(
    ("depth", "sent"),
    [
        (Depth("light-interactive", 1, 0, 0), 0),
        (Depth("light-bulk", 1, 0, 0), 0),
        (Depth("light-bulk", 0, 5, 5), 1),
        (Depth("onnx-bulk", 7, 0, 0), 1),
    ],
)
def test_only_messages_that_wait_for_the_same_workers_are_waited_for(
    world: World, ada: Person, depth: Depth, sent: int
) -> None:
    world.gauge = Depths(depth)  # type: ignore[assignment]
    lost(world, ada)
    sweep(world, PATIENCE)
    assert len(world.queue.jobs) == sent


def test_the_queues_are_gauged_once_a_sweep_and_only_if_a_prediction_is_due(
    world: World, ada: Person
) -> None:
    world.gauge = gauge = Depths(Depth("light-bulk", 0, 0, 0))  # type: ignore[assignment]
    batch_of(world, ada, size=2, stored=0)
    sweep(world, PATIENCE)
    assert gauge.asked == 0
    for _ in range(GROUP + 1):
        lost(world, ada)
    sweep(world, PATIENCE)
    assert gauge.asked == 1


def test_queues_that_cannot_be_gauged_are_sent_to(world: World, ada: Person, log: StringIO) -> None:
    world.gauge = Depths()  # type: ignore[assignment]
    lost(world, ada)
    sweep(world, PATIENCE)
    assert len(world.queue.jobs) == 1
    assert [each["message"] for each in told(log)] == ["queues not gauged", "sweep"]


# --- ends


def test_what_is_past_its_deadline_ends_and_its_unit_goes_back(
    world: World, ada: Person, log: StringIO
) -> None:
    prediction = lost(world, ada, expires_at=NOW + 1000)
    sweep(world, PATIENCE)
    ended = stood(world, prediction)
    assert (ended.status, ended.charged) == (Status.EXPIRED, False)
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(0, {23: 0})
    assert (world.queue.jobs, told_of_sweeps(log)) == ([], [{**NOTHING, "expired": 1}])


def test_what_ran_past_its_deadline_and_came_to_nothing_ends_too(world: World, ada: Person) -> None:
    prediction = lost(world, ada, expires_at=NOW + 1000)
    world.results.claim(Job.of(prediction), 1, NOW)
    sweep(world, PATIENCE)
    assert stood(world, prediction).status is Status.EXPIRED


def test_who_waited_for_it_is_queued(world: World, ada: Person) -> None:
    leader = lost(world, ada, expires_at=NOW + 1000, cache_key="5f2a")
    waiter = lost(world, ada, at=NOW + 1)
    entry = Entry(leader.id, (Waiter(waiter.id, ada.user.id, NOW + 1),), 600, NOW // 1000 + 60)
    world.memory.entries["5f2a"] = entry
    sweep(world, PATIENCE)
    assert [job.id for job in world.queue.jobs_in("interactive")] == [waiter.id]
    assert stood(world, leader).status is Status.EXPIRED


def test_what_a_sweep_itself_queues_keeps_nothing_from_being_sent(
    world: World, ada: Person
) -> None:
    for _ in range(GROUP + 1):
        lost(world, ada)
    sweep(world, PATIENCE)
    assert len(world.queue.jobs) == GROUP + 1


def test_while_who_waits_for_it_cannot_be_queued_it_does_not_end(
    world: World, ada: Person, log: StringIO
) -> None:
    leader = lost(world, ada, expires_at=NOW + 1000, cache_key="5f2a")
    entry = Entry(leader.id, (Waiter(uuid7(NOW), ada.user.id, NOW),), 600, NOW // 1000 + 60)
    world.memory.entries["5f2a"] = entry
    world.queue.is_down = True
    sweep(world, PATIENCE)
    assert stood(world, leader).status is Status.QUEUED
    assert told_of_sweeps(log) == [{**NOTHING, "failed": 1}]
    world.queue.is_down = False
    sweep(world, MINUTE)
    assert stood(world, leader).status is Status.EXPIRED


# --- batches


def batch_of(world: World, ada: Person, size: int, stored: int) -> Batch:
    """Accepted whole, and stored in part."""
    grant, id = a_grant(ada.user, "double"), uuid7(NOW)
    batch = Batch(id, ada.user.id, "double", size, NOW, NOW + DAY)
    world.predictions.accept_batch(batch, grant)
    members = [a_prediction(grant, id=member_id(id, at), batch_id=id) for at in range(stored)]
    world.predictions.store(members)
    return batch


def test_what_a_batch_misses_is_given_back_once(world: World, ada: Person, log: StringIO) -> None:
    batch = batch_of(world, ada, size=10, stored=7)
    for _ in range(3):
        sweep(world, MINUTE)
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(7, {23: 7})
    assert told_of_sweeps(log) == [{**NOTHING, "settled": 1}]
    assert (told(log)[0]["batch_id"], told(log)[0]["refunded"]) == (batch.id, 3)


def test_a_whole_batch_gives_nothing_back(world: World, ada: Person, log: StringIO) -> None:
    batch_of(world, ada, size=7, stored=7)
    sweep(world, MINUTE)
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(7, {23: 7})
    assert [each["message"] for each in told(log)] == ["sweep"]


def test_a_batch_past_its_retention_gives_nothing_back(world: World, ada: Person) -> None:
    """Its rows are gone because their time had come."""
    batch_of(world, ada, size=7, stored=0)
    sweep(world, DAY)
    assert world.memory.usage[ada.user.id, "2026-11", "double"] == Usage(7, {23: 7})
    assert world.memory.due == {}


def test_a_batch_that_another_sweep_settled_meanwhile_is_not_settled_again(
    world: World, ada: Person, log: StringIO
) -> None:
    class Slower(FakeRepairs):
        """Another settles what it has just taken."""

        def settle(self, batch: Batch, missing: int) -> bool:
            super().settle(batch, missing)
            return super().settle(batch, missing)

    world.repairs = Slower(world.memory)
    batch_of(world, ada, size=7, stored=5)
    sweep(world, MINUTE)
    assert world.memory.usage[ada.user.id, "2026-11", "double"].total == 5
    assert log.getvalue() == ""


# --- trouble


def test_one_that_fails_stops_no_other(world: World, ada: Person, log: StringIO) -> None:
    some = [lost(world, ada) for _ in range(5)]

    class Stubborn(FakeRepairs):
        """One row does not answer."""

        def take(self, due: Due, now: int, until: int) -> Open | Batch | None:
            if due.id == some[2].id:
                raise Unavailable("The table does not answer, try again", retry_after=1)
            return super().take(due, now, until)

    world.repairs = Stubborn(world.memory)
    sweep(world, PATIENCE)
    assert {job.id for job in world.queue.jobs} == {each.id for each in some if each != some[2]}
    assert told_of_sweeps(log) == [{**NOTHING, "Resent": [4.0], "failed": 1}]


def test_what_the_queue_does_not_take_is_sent_the_next_time(
    world: World, ada: Person, log: StringIO
) -> None:
    lost(world, ada)
    world.queue.is_down = True
    sweep(world, PATIENCE)
    assert told_of_sweeps(log) == [{**NOTHING, "failed": 1}]
    world.queue.is_down = False
    sweep(world, PATIENCE)
    assert len(world.queue.jobs) == 1


def test_a_table_that_is_down_fails_the_sweep_and_the_next_one_makes_up_for_it(
    world: World, ada: Person
) -> None:
    lost(world, ada)
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        sweep(world, PATIENCE)
    world.memory.is_down = False
    sweep(world, MINUTE)
    assert len(world.queue.jobs) == 1


def test_without_time_the_rest_is_left_as_it_is(world: World, ada: Person) -> None:
    for _ in range(3):
        lost(world, ada)
    world.clock.advance(PATIENCE)
    left = iter([AMPLE, RESERVE_MS, RESERVE_MS - 1])
    world.sweeping().sweep(lambda: next(left))
    assert len(world.queue.jobs) == 2
    world.queue.messages.clear()
    sweep(world, MINUTE)
    assert len(world.queue.jobs) == 1


def test_a_sweep_looks_after_five_hundred_and_each_minute_another_shard_is_the_first(
    world: World, ada: Person
) -> None:
    first = (NOW + PATIENCE) // MINUTE % SHARDS
    crowd = [lost(world, ada, id=id_in(first)) for _ in range(2 * MOST)]
    other = lost(world, ada, id=id_in((first + 1) % SHARDS))
    sweep(world, PATIENCE)
    assert {job.id for job in world.queue.jobs} < {each.id for each in crowd}
    assert len(world.queue.jobs) == MOST
    world.queue.messages.clear()
    sweep(world, MINUTE)
    assert other.id in {job.id for job in world.queue.jobs}
    assert len(world.queue.jobs) == MOST


def id_in(shard: int) -> str:
    """The id of a prediction that lies there."""
    id = f"{uuid7(NOW)[:-1]}{shard}"
    assert shard_of(id) == shard
    return id

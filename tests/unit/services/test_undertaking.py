"""What no worker came to an end with: how it ends, and what is kept of it."""

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.dead_letters import LONGEST_BODY, DeadLetter, Reason
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Failure, Job, Prediction, Status
from chalicelib.errors import Unavailable
from chalicelib.services.ports.results import Written
from chalicelib.services.undertaking import Message
from tests.fakes import FakeResults
from tests.samples import NOW, a_grant, a_prediction, a_success
from tests.world import Person, World

SENT = NOW - 900_000


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


def asked(world: World, ada: Person, **facts: Any) -> Prediction:
    return world.accepted(ada, model="double", input={"n": 4}, **facts)


def message(job: Job | None, body: str = "{}", attempts: int = 5) -> Message:
    return Message("message-1", body, SENT, attempts, job)


def bury(world: World, job: Job | None, **facts: Any) -> DeadLetter:
    world.undertaking().bury(message(job, **facts))
    [letter] = world.memory.letters.values()
    return letter


def stood(world: World, prediction: Prediction) -> Prediction:
    return world.memory.predictions[prediction.id]


def used(world: World, ada: Person) -> int:
    return world.memory.usage[ada.user.id, "2026-11", "double"].total


def test_what_was_tried_in_vain_fails_with_the_reason_and_is_given_back(
    world: World, ada: Person
) -> None:
    prediction = asked(world, ada)
    letter = bury(world, Job.of(prediction))
    result = stood(world, prediction)
    assert (result.status, result.charged) == (Status.FAILED, False)
    assert result.error == Failure(
        "attempts-exhausted", "No worker came to an end with it, however often it was tried"
    )
    assert used(world, ada) == 0
    assert letter == DeadLetter(
        prediction.id, Reason.ATTEMPTS_EXHAUSTED, 5, prediction.created_at, world.clock(), "double"
    )


def test_what_ended_before_stays_as_it_is(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    world.results.finish([a_success(prediction.id)])
    letter = bury(world, Job.of(prediction))
    assert stood(world, prediction).status is Status.SUCCEEDED
    assert (letter.reason, used(world, ada)) == (Reason.ALREADY_ENDED, 1)


class LateResults(FakeResults):
    """A result is written between the undertaker's look and its own write."""

    def give_up(self, job: Job, failure: Failure, now: int) -> Written:
        self.finish([a_success(job.id)])
        return super().give_up(job, failure, now)


def test_a_result_that_comes_meanwhile_wins(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    world.results = LateResults(world.memory)
    bury(world, Job.of(prediction))
    assert stood(world, prediction).status is Status.SUCCEEDED
    assert world.memory.letters[prediction.id].reason is Reason.ALREADY_ENDED
    assert used(world, ada) == 1


def test_the_same_message_again_changes_nothing(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    first = bury(world, Job.of(prediction))
    before = stood(world, prediction)
    world.clock.advance(seconds=60)
    assert bury(world, Job.of(prediction)) == first
    assert (stood(world, prediction), used(world, ada)) == (before, 0)


def test_one_that_died_before_its_letter_was_kept_has_its_own_reason(
    world: World, ada: Person
) -> None:
    prediction = asked(world, ada)
    bury(world, Job.of(prediction))
    world.memory.letters.clear()
    assert bury(world, Job.of(prediction)).reason is Reason.ATTEMPTS_EXHAUSTED


def test_what_names_no_prediction_is_kept_as_it_came(world: World) -> None:
    letter = bury(world, None, body="<xml>" + "x" * LONGEST_BODY)
    assert (letter.id, letter.reason, letter.created_at) == (
        "message-1",
        Reason.MALFORMED_MESSAGE,
        SENT,
    )
    assert letter.body == "<xml>" + "x" * (LONGEST_BODY - 5)


def test_what_has_no_row_is_kept_with_its_input(world: World, ada: Person) -> None:
    absent = a_prediction(a_grant(ada.user, "double"))
    letter = bury(world, Job.of(absent), body="all of it")
    assert (letter.id, letter.model, letter.body) == (absent.id, "double", "all of it")
    assert (letter.reason, letter.created_at) == (Reason.PREDICTION_MISSING, SENT)


def test_the_input_of_a_row_is_not_kept_twice(world: World, ada: Person) -> None:
    assert bury(world, Job.of(asked(world, ada)), body="private").body is None


def test_the_attempts_are_those_that_the_row_knows_of(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    world.results.claim(Job.of(prediction), 5, NOW)
    assert bury(world, Job.of(prediction), attempts=0).attempts == 5


def test_the_row_decides_what_is_given_back(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    forged = replace(Job.of(prediction), user_id="another", created_at=0)
    assert bury(world, forged).created_at == prediction.created_at
    assert used(world, ada) == 0


@pytest.fixture
def waiter(world: World, ada: Person) -> Prediction:
    return asked(world, ada, cache="collapsed")


@pytest.fixture
def leader(world: World, ada: Person, waiter: Prediction) -> Prediction:
    """Whose result the waiter gets, if there is one."""
    leader = asked(world, ada, cache_key="5f2a")
    waits = Waiter(waiter.id, waiter.user_id, waiter.created_at)
    world.memory.entries["5f2a"] = Entry(leader.id, (waits,), 600, NOW // 1000 + 60)
    return leader


def test_who_waited_for_its_result_is_queued_alone(
    world: World, leader: Prediction, waiter: Prediction
) -> None:
    bury(world, Job.of(leader))
    assert world.queue.jobs == [Job.of(waiter)]


def test_who_waited_for_an_erased_one_keeps_the_input(world: World, leader: Prediction) -> None:
    job = Job.of(leader)
    world.predictions.cancel(leader, world.clock())
    world.predictions.erase(leader, world.clock())
    bury(world, job)
    assert [each.input for each in world.queue.jobs] == [{"n": 4}]


def test_a_message_whose_waiters_cannot_be_queued_comes_again(
    world: World, leader: Prediction
) -> None:
    world.queue.is_down = True
    with pytest.raises(Unavailable):
        world.undertaking().bury(message(Job.of(leader)))
    assert world.memory.letters == {}


class Unsure(FakeResults):
    """A table that does not answer to a write."""

    def give_up(self, job: Job, failure: Failure, now: int) -> Written:
        return Written.UNKNOWN


def test_what_could_not_be_ended_comes_again(world: World, ada: Person) -> None:
    prediction = asked(world, ada)
    world.results = Unsure(world.memory)
    with pytest.raises(Unavailable):
        bury(world, Job.of(prediction))
    assert world.memory.letters == {}


def test_each_is_counted_once_with_its_reason(world: World, ada: Person, log: StringIO) -> None:
    prediction = asked(world, ada)
    bury(world, Job.of(prediction))
    bury(world, Job.of(prediction))
    lines = [json.loads(each) for each in log.getvalue().splitlines()]
    told = [each for each in lines if each["message"] == "dead letter"]
    assert [(each["prediction_id"], each["reason"], each["DeadLetters"]) for each in told] == [
        (prediction.id, "attempts-exhausted", [1.0])
    ]


def test_an_id_of_another_time_sorts_where_it_was_accepted(world: World) -> None:
    old, new = (DeadLetter(uuid7(at), Reason.ALREADY_ENDED, 1, at, NOW) for at in (NOW, NOW + 9))
    world.dead_letters.add(old)
    world.dead_letters.add(new)
    assert [each.id for each in world.dead_letters.page(2, None).items] == [new.id, old.id]

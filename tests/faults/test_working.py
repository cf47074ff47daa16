"""Faults 6 to 12, 14, 15, 19 and 20: messages twice or too early, workers that die, bad models."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.predictions import Job, Status
from tests.faults.aws import OnAws, throttle_a_third
from tests.faults.bounds import EXHAUSTED, REPAIRED, many
from tests.faults.harness import MINUTE, Harness
from tests.faults.history import Asked
from tests.samples import a_prediction
from tests.world import Person


def ask_for(lambent: Harness, ada: Person, count: int) -> list[Asked]:
    """So many requests, whose messages a worker gets at once."""
    return [lambent.submit(ada, n) for n in range(1, count + 1)]


def statuses(lambent: Harness, asked: list[Asked]) -> list[Status]:
    return [lambent.found(each).status for each in asked]


def code(lambent: Harness, asked: Asked) -> str | None:
    """Why it failed."""
    error = lambent.found(asked).error
    return error.code if error else None


def outcomes(lambent: Harness) -> int:
    """How many were noted for their users."""
    return sum(each.succeeded + each.failed for each, _ in lambent.world.memory.tallies)


@pytest.mark.parametrize("model", ["chaos", "slow", "shared"])
def test_fault_06_what_is_delivered_again_when_it_has_ended_is_done_with_at_once(
    lambent: Harness, model: str
) -> None:
    asked = lambent.submit(lambent.somebody(), model=model)
    lambent.run(seconds=1)
    job, deliveries = Job.of(lambent.found(asked)), lambent.deliveries
    for each in (job, replace(job, attempts=1)):
        lambent.queue.put(each)
        lambent.run(seconds=1)
    assert lambent.deliveries == deliveries + 2
    assert (lambent.queue.messages, outcomes(lambent)) == ([], 1)
    lambent.require_all(REPAIRED)


def test_fault_07_of_two_workers_that_have_the_same_at_once_one_wins(lambent: Harness) -> None:
    asked = lambent.submit(lambent.somebody())

    def by_another() -> None:
        lambent.queue.put(Job.of(lambent.found(asked)))
        lambent.work()

    lambent.faults.at("worker.results.finish:before", by_another)
    lambent.run(seconds=1)
    assert lambent.faults.passed["worker.results.finish:after"] == 2
    assert (lambent.queue.messages, outcomes(lambent)) == ([], 1)
    lambent.require_all(REPAIRED)


def test_fault_08_a_message_that_is_before_its_row_waits_for_it(lambent: Harness) -> None:
    ada = lambent.somebody()
    grant = lambent.world.memory.grants[ada.user.id, "chaos"]
    early = a_prediction(grant, lambent.clock(), input={"n": 1, "do": "work"})
    lambent.queue.put(Job.of(early))
    lambent.run(seconds=10)
    lambent.world.predictions.accept(early, grant)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert (lambent.found(early.id).status, lambent.found(early.id).attempt) == ("succeeded", 2)
    lambent.require_all(REPAIRED)


def test_fault_08_and_one_that_never_has_a_row_becomes_a_dead_letter(lambent: Harness) -> None:
    ada = lambent.somebody()
    never = a_prediction(lambent.world.memory.grants[ada.user.id, "chaos"], lambent.clock())
    lambent.queue.put(Job.of(never))
    lambent.run(minutes=EXHAUSTED // MINUTE)
    [letter] = lambent.world.memory.letters.values()
    assert (letter.id, letter.reason, letter.attempts) == (never.id, "prediction-missing", 5)
    lambent.require_all()


def test_fault_08_the_table_itself_tells_no_row_from_one_that_has_ended(aws: OnAws) -> None:
    ended, missing = aws.submit(1).prediction, aws.submit(2).prediction
    aws.work()
    aws.forgotten(missing)
    for attempts in (0, 1):
        aws.sent_again(ended, attempts)
        aws.sent_again(missing, attempts)
        assert len(aws.work()) == attempts + 1
    assert not aws.is_there(missing)


@pytest.mark.parametrize("point", ["worker.runner.predict:before", "worker.results.finish:before"])
def test_fault_09_what_a_killed_worker_had_comes_back_for_a_second_attempt(
    lambent: Harness, point: str
) -> None:
    asked = lambent.submit(lambent.somebody())
    lambent.faults.kill(point)
    lambent.run(minutes=REPAIRED // MINUTE)
    found = lambent.found(asked)
    assert (found.status, found.attempt) == (Status.SUCCEEDED, 2)
    lambent.require_all(REPAIRED)


@pytest.mark.parametrize("model", ["chaos", "slow", "shared"])
@pytest.mark.parametrize("point", ["worker.results.finish:after", "worker:return"])
def test_fault_10_what_comes_again_after_its_result_was_written_is_harmless(
    lambent: Harness, point: str, model: str
) -> None:
    ada, ben = lambent.somebody(), lambent.somebody()
    asked = [lambent.submit(each, model=model) for each in (ada, ben)]
    lambent.faults.kill(point)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert statuses(lambent, asked) == [Status.SUCCEEDED] * 2
    assert lambent.queue.messages == []
    assert lambent.world.memory.letters == {}
    lambent.require_all(REPAIRED)


def test_fault_11_of_ten_only_the_one_that_the_model_fails_on_fails(lambent: Harness) -> None:
    ada = lambent.somebody()
    bad, good = lambent.submit(ada, 0, "raise"), ask_for(lambent, ada, 9)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert code(lambent, bad) == "model-error"
    assert statuses(lambent, good) == [Status.SUCCEEDED] * 9
    assert (lambent.deliveries, outcomes(lambent), lambent.used(ada)) == (1, 10, 10)
    lambent.require_all(0)


def broken() -> None:
    raise OSError("its weights cannot be read")


@pytest.mark.parametrize(
    "break_it",
    [
        lambda faults: faults.at("worker.runner.load:before", broken),
        lambda faults: faults.refuse("worker.results.finish"),
        lambda faults: faults.lose("worker.results.finish"),
    ],
    ids=["load", "table", "table-late"],
)
def test_fault_12_when_all_fail_for_our_reasons_none_is_deleted(
    lambent: Harness, break_it: Callable[[object], None]
) -> None:
    asked = ask_for(lambent, lambent.somebody(), 10)
    break_it(lambent.faults)
    lambent.work()
    assert (len(lambent.queue.messages), lambent.history.deleted) == (10, [])
    lambent.run(minutes=REPAIRED // MINUTE)
    assert statuses(lambent, asked) == [Status.SUCCEEDED] * 10
    lambent.require_all(REPAIRED)


def test_fault_14_what_was_finished_before_a_model_hangs_stays_done(lambent: Harness) -> None:
    ada = lambent.somebody()
    hung, others = lambent.submit(ada, 0, "hang", model="slow"), ask_for(lambent, ada, 9)
    lambent.work()
    assert (lambent.killed["worker"], lambent.history.deleted) == (1, [])
    assert statuses(lambent, others) == [Status.SUCCEEDED] * 9
    lambent.run(minutes=EXHAUSTED // MINUTE)
    assert (code(lambent, hung), lambent.found(hung).charged) == ("attempts-exhausted", False)
    assert [lambent.found(each).attempt for each in others] == [1] * 9
    assert lambent.world.memory.letters.keys() == {hung.answer}
    lambent.require_all(EXHAUSTED)


@pytest.mark.parametrize("place", [0, 4, 9])
def test_fault_14_of_ten_only_the_one_that_hangs_fails(lambent: Harness, place: int) -> None:
    only_one_fails(lambent, "hang", place)


@pytest.mark.parametrize("place", [0, 4, 9])
def test_fault_15_of_ten_only_the_one_that_kills_its_worker_fails(
    lambent: Harness, place: int
) -> None:
    only_one_fails(lambent, "exit", place)


def only_one_fails(lambent: Harness, do: str, place: int) -> None:
    """The others are done in the second or third delivery, and never are dead letters."""
    ada = lambent.somebody()
    asked = [lambent.submit(ada, n, do if n == place else "work") for n in range(10)]
    killer = asked.pop(place)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert statuses(lambent, asked) == [Status.SUCCEEDED] * 9
    assert {lambent.found(each).attempt for each in asked} <= {2, 3}
    lambent.run(minutes=(EXHAUSTED - REPAIRED) // MINUTE)
    assert (code(lambent, killer), lambent.used(ada)) == ("attempts-exhausted", 9)
    assert lambent.world.memory.letters.keys() == {killer.answer}
    lambent.require_all(EXHAUSTED)


def test_fault_19_an_output_that_is_too_large_fails_once_and_alone(lambent: Harness) -> None:
    ada = lambent.somebody()
    large, others = lambent.submit(ada, 0, "flood"), ask_for(lambent, ada, 9)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert code(lambent, large) == "output-too-large"
    assert statuses(lambent, others) == [Status.SUCCEEDED] * 9
    assert (lambent.deliveries, lambent.queue.messages) == (1, [])
    lambent.require_all(0)


def test_fault_20_of_statements_of_which_a_third_is_throttled_just_that_third_comes_again(
    aws: OnAws,
) -> None:
    accepted = [aws.submit(n).prediction for n in range(9)]
    throttle_a_third(aws.cloud.wire)
    returned = aws.work()
    ended = [aws.stored(each).status.is_terminal for each in accepted]
    assert (len(returned), ended.count(False), aws.waiting()) == (3, 3, 3)
    aws.cloud.wire.throttle("UpdateItem", times=2)
    while aws.waiting():
        aws.work()
    assert {aws.stored(each).status for each in accepted} == {Status.SUCCEEDED}
    assert aws.counted() == (9, 0)


def test_fault_20_whichever_third_of_all_calls_is_refused_nothing_is_dropped(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    asked = [*ask_for(lambent, ada, 30), lambent.submit_batch(ada, many(30))]
    lambent.faults.refused = 1 / 3
    lambent.run(minutes=60)
    lambent.faults.refused = 0
    lambent.run(minutes=60)
    assert [each.status for each in asked] == [202] * 31
    assert lambent.faults.counts["refused"] > 20
    lambent.require_all()

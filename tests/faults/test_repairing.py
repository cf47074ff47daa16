"""Faults 16, 17, 18 and 24: messages that nobody can use, and all that comes too late."""

from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.predictions import Job, Status
from chalicelib.domain.redrives import Obstacle, Report
from chalicelib.observability import Metric
from chalicelib.services.execution import Delivery
from tests.faults.aws import OnAws, first
from tests.faults.bounds import EXHAUSTED, REPAIRED, many
from tests.faults.harness import MINUTE, VISIBILITY, Harness
from tests.faults.models import WITHOUT_CHAOS
from tests.world import Person

KILLS = 5
"""As often as a message is delivered."""
LATE = 12 * 60
"""Minutes."""


def test_fault_16_a_malformed_body_becomes_a_dead_letter_and_stops_nobody(lambent: Harness) -> None:
    message = lambent.queue.put(None)
    asked = lambent.submit(lambent.somebody())
    lambent.run(minutes=EXHAUSTED // MINUTE)
    [letter] = lambent.world.memory.letters.values()
    assert (letter.id, letter.reason, letter.attempts) == (message.id, "malformed-message", 5)
    assert lambent.history.measured[Metric.DEAD_LETTERS] == 1
    assert (lambent.found(asked).attempt, lambent.killed.total()) == (1, 0)
    lambent.require_all(0)


def test_fault_16_a_version_without_a_successor_ends_after_one_return_and_is_refunded(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    asked, other = lambent.submit(ada), lambent.submit(ada, model="slow")
    lambent.catalogue = WITHOUT_CHAOS
    lambent.run(minutes=REPAIRED // MINUTE)
    found = lambent.found(asked)
    assert found.error
    assert (found.error.code, found.charged) == ("model-version-gone", False)
    assert (lambent.deliveries, lambent.used(ada)) == (2, 0)
    assert lambent.found(other).status is Status.SUCCEEDED
    assert lambent.world.memory.letters == {}
    lambent.require_all(REPAIRED)


def test_fault_17_a_result_that_is_written_before_the_undertaker_writes_stays(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    asked = lambent.submit(ada)
    late = [Delivery("late", KILLS, Job.of(lambent.found(asked)))]
    for _ in range(KILLS):
        lambent.faults.kill("worker.runner.predict:before")
    lambent.faults.at("undertaker.results.give_up:before", lambda: lambent.deliver(late))
    lambent.run(minutes=EXHAUSTED // MINUTE)
    [letter] = lambent.world.memory.letters.values()
    assert (lambent.found(asked).status, lambent.used(ada)) == (Status.SUCCEEDED, 1)
    assert letter.reason == "already-ended"
    lambent.require_all(EXHAUSTED)


def test_fault_17_a_result_that_is_written_after_the_undertaker_is_dropped(
    lambent: Harness,
) -> None:
    ada = lambent.somebody()
    asked = lambent.submit(ada)
    for _ in range(KILLS - 1):
        lambent.faults.kill("worker.runner.predict:before")
    too_long = VISIBILITY + MINUTE
    lambent.faults.at("worker.results.finish:before", lambda: lambent.scheduler.stall(too_long))
    lambent.run(minutes=(EXHAUSTED + too_long) // MINUTE)
    assert lambent.found(asked).status is Status.FAILED
    assert (lambent.found(asked).output, lambent.used(ada)) == (None, 0)
    lambent.require_all(EXHAUSTED)


def test_fault_17_the_table_itself_lets_one_of_the_two_win(aws: OnAws) -> None:
    done, failed = aws.submit(1).prediction, aws.submit(2).prediction
    first(aws.work, "TransactWriteItems", aws.cloud.wire)
    first(lambda: aws.bury(failed), "BatchExecuteStatement", aws.cloud.wire)
    aws.bury(done)
    assert aws.stored(done).status is Status.SUCCEEDED
    assert aws.stored(failed).status is Status.FAILED
    assert (aws.used().total, aws.counted()) == (1, (1, 0))


def test_fault_18_a_thousand_dead_letters_are_redriven_once_however_often_that_is_asked(
    lambent: Harness,
) -> None:
    ada = a_thousand_dead_letters(lambent, done=300)
    accept = "api.predictions.accept"
    for _ in range(349):
        lambent.faults.at(f"{accept}:after", lambda: None)
    lambent.faults.kill(f"{accept}:after")
    killed = redriven(lambent)
    at_once: list[Report | None] = []
    lambent.faults.at(f"{accept}:before", lambda: at_once.append(redriven(lambent)))
    at_once.append(redriven(lambent))
    again = redriven(lambent)
    lambent.run(minutes=REPAIRED // MINUTE)
    assert killed is None
    assert [len(each.redriven) for each in at_once if each] == [350, 0]
    assert again == Report({}, dict.fromkeys(lambent.world.memory.letters, Obstacle.SUCCEEDED))
    made = Counter(each.retry_of for each in lambent.world.memory.predictions.values())
    assert (made.pop(None), len(made), made.total()) == (1000, 700, 700)
    assert (len(again.skipped), lambent.used(ada)) == (300, 1000)
    lambent.require_all()


def a_thousand_dead_letters(lambent: Harness, done: int) -> Person:
    """Whose they are; of so many the prediction has long been done."""
    ada = lambent.somebody()
    for _ in range(4):
        lambent.submit_batch(ada, many(250))
    while len(lambent.queue.messages) > 1000 - done:
        lambent.work("bulk")
    for each in list(lambent.world.memory.predictions.values()):
        if each.status.is_terminal:
            lambent.queue.put(Job.of(each))
    for message in lambent.queue.messages:
        message.receives = KILLS
    lambent.run(minutes=1)
    assert len(lambent.world.memory.letters) == 1000
    return ada


def redriven(lambent: Harness) -> Report | None:
    """All of them; None if the API is killed."""
    return lambent.answered(lambda: lambent.api.redriving.redrive_all(None, Origin()))[1]


def erased(lambent: Harness, ada: Person, id: str) -> None:
    lambent.erase(ada, id)


def canceled(lambent: Harness, ada: Person, id: str) -> None:
    lambent.cancel(ada, id)


def expired(lambent: Harness, ada: Person, id: str) -> None:
    lambent.run(minutes=2)


@pytest.mark.parametrize("end", [canceled, erased, expired])
def test_fault_24_a_duplicate_that_is_half_a_day_late_changes_nothing(
    lambent: Harness, end: Callable[[Harness, Person, str], None]
) -> None:
    ada, lambent.queue.is_down = lambent.somebody(), True
    asked = lambent.submit(ada, expires_in=60)
    job = Job.of(lambent.found(asked))
    end(lambent, ada, job.id)
    lambent.queue.is_down = False
    lambent.run(minutes=LATE)
    before = lambent.found(asked)
    assert before.status in (Status.CANCELED, Status.EXPIRED)
    lambent.queue.put(job)
    lambent.run(minutes=EXHAUSTED // MINUTE)
    assert lambent.found(asked) == before
    assert (lambent.queue.messages, lambent.world.memory.letters) == ([], {})
    lambent.require_all()


@pytest.mark.parametrize("attempts", [0, 1])
def test_fault_24_the_table_itself_brings_nothing_back(aws: OnAws, attempts: int) -> None:
    canceled, gone = aws.submit(1).prediction, aws.submit(2).prediction
    aws.api.ending.cancel(canceled)
    aws.forgotten(gone)
    aws.clock.advance(seconds=LATE * 60)
    for each in (canceled, gone):
        aws.sent_again(each, attempts)
    aws.work()
    assert aws.stored(canceled).status is Status.CANCELED
    assert not aws.is_there(gone)
    assert aws.used().total == 1

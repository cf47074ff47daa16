import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest

from chalicelib.domain.predictions import Failure, Job, Prediction, Status
from chalicelib.domain.usage import Tally
from chalicelib.errors import Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.budget import RESERVE_MS
from chalicelib.services.execution import Delivery
from tests.fakes import FakeUsageBook
from tests.samples import NOW, a_job
from tests.unit.services.models import (
    CATALOGUE,
    CRASH,
    HUGE,
    NOT_A_NUMBER,
    NOT_AN_OUTPUT,
    ONE_SHORT,
    UNLUCKY,
    WRONG_TYPE,
    Weekday,
    spec_of,
)
from tests.unit.services.workers import Worker
from tests.world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world)


def queued(world: World, ada: Person, n: int = 4, model: str = "double") -> str:
    """The id of an accepted prediction that waits for the worker."""
    prediction = world.accepted(ada, model, input={"n": n}, requested_version="1.2.0")
    world.queue.send(Job.of(prediction))
    return prediction.id


def found(world: World, id: str) -> Prediction:
    return world.memory.predictions[id]


def test_a_batch_is_predicted_at_once_and_each_result_is_its_own(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, n) for n in range(10)]
    assert worker.work() == []
    results = [found(world, id) for id in ids]
    assert [each.output for each in results] == [{"n": 2.0 * n, "padding": ""} for n in range(10)]
    assert {each.metrics.batch_size for each in results if each.metrics} == {10}
    assert world.results.calls == 1


def test_a_result_tells_its_times_and_the_version_that_made_it(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.clock.advance(31)
    worker.work()
    result = found(world, id)
    assert (result.status, result.version, result.error) == (Status.SUCCEEDED, "1.2.0", None)
    assert (result.started_at, result.completed_at) == (NOW + 31, NOW + 31)
    assert result.metrics is not None
    assert result.metrics.queue_ms == 31


def test_a_worker_whose_clock_is_behind_reports_no_negative_wait(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.clock.advance(-500)
    worker.work()
    metrics = found(world, id).metrics
    assert metrics is not None
    assert metrics.queue_ms == 0


def test_each_model_is_a_group_of_its_own(world: World, ada: Person, worker: Worker) -> None:
    fine, broken = queued(world, ada), queued(world, ada, model="broken")
    assert worker.work() == ["message-2"]
    assert found(world, fine).status is Status.SUCCEEDED
    assert found(world, broken).status is Status.QUEUED


@pytest.mark.parametrize(
    ("n", "code", "detail"),
    [
        (UNLUCKY, "invalid-input", "13 is not a lucky number"),
        (CRASH, "model-error", "The model failed on this input"),
        (NOT_A_NUMBER, "model-error", "The model failed on this input"),
        (NOT_AN_OUTPUT, "model-error", "The model failed on this input"),
        (WRONG_TYPE, "model-error", "The model failed on this input"),
        (ONE_SHORT, "model-error", "The model failed on this input"),
        (HUGE, "output-too-large", "The output is over 200 KB"),
        (101, "invalid-input", "The input does not fit version 1.2.0"),
    ],
)
def test_of_ten_with_a_poisoned_one_nine_succeed_and_it_fails_alone(
    world: World, ada: Person, worker: Worker, n: int, code: str, detail: str
) -> None:
    ids = [queued(world, ada, each) for each in (1, 2, 3, 4, n, 5, 6, 7, 8, 9)]
    assert worker.work() == []
    results = [found(world, id) for id in ids]
    assert [each.status for each in results].count(Status.SUCCEEDED) == 9
    assert results[4].error == Failure(code, detail)
    assert results[4].output is None
    assert results[5].output == {"n": 10.0, "padding": ""}
    assert world.results.calls == 1


def test_an_error_has_no_path_and_no_class_of_ours(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, n) for n in (CRASH, NOT_A_NUMBER, NOT_AN_OUTPUT, WRONG_TYPE)]
    worker.work()
    errors = " ".join(str(found(world, id).error) for id in ids)
    assert not any(word in errors for word in ("/var/task", "models.py", "Doubled", "Other"))


def test_the_same_message_twice_gives_one_result_that_does_not_change(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    worker.work()
    first = found(world, id)
    world.clock.advance(1000)
    world.queue.send(Job.of(first))
    assert worker.work() == []
    assert found(world, id) == first


def test_a_duplicate_within_one_batch_is_predicted_once_and_both_messages_are_done(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.queue.send(Job.of(found(world, id)))
    assert worker.work() == []
    metrics = found(world, id).metrics
    assert metrics is not None
    assert metrics.batch_size == 1


def test_a_canceled_prediction_stays_canceled(world: World, ada: Person, worker: Worker) -> None:
    id = queued(world, ada)
    canceled = replace(found(world, id), status=Status.CANCELED)
    world.memory.predictions[id] = canceled
    assert worker.work() == []
    assert found(world, id) == canceled


def test_a_message_that_comes_again_runs_claimed_and_alone(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, n) for n in (1, 2, 3)]
    world.queue.receive()
    assert worker.work() == []
    results = [found(world, id) for id in ids]
    assert [(each.attempt, each.metrics and each.metrics.batch_size) for each in results] == (
        [(2, 1)] * 3
    )


def test_one_that_was_sent_again_runs_claimed_and_alone_at_its_first_delivery(
    world: World, ada: Person, worker: Worker
) -> None:
    others = [queued(world, ada, n) for n in (1, 2)]
    again = world.accepted(ada, "double", input={"n": 3}, requested_version="1.2.0")
    world.queue.send(Job.again(again))
    assert worker.work() == []
    results = [found(world, id) for id in (*others, again.id)]
    assert [(each.attempt, each.metrics and each.metrics.batch_size) for each in results] == (
        [(1, 2), (1, 2), (2, 1)]
    )
    assert world.results.claimed == [again.id]


@pytest.mark.parametrize(("before", "deliveries", "shown"), [(0, 2, 2), (1, 1, 2), (3, 2, 5)])
def test_the_attempt_counts_the_deliveries_before_it_was_sent_again(
    world: World, ada: Person, worker: Worker, before: int, deliveries: int, shown: int
) -> None:
    id = queued(world, ada)
    job = replace(Job.of(found(world, id)), attempts=before)
    worker.execution.run([Delivery("m", deliveries, job)], lambda: 30_000)
    assert found(world, id).attempt == shown


def test_fewest_attempts_run_first_after_all_first_deliveries(
    world: World, ada: Person, worker: Worker
) -> None:
    """What kills its process is met last, when its neighbours are done."""
    attempts = {queued(world, ada, n): attempt for n, attempt in ((1, 4), (2, 2), (3, 1), (4, 3))}
    deliveries = [Delivery(id, count, Job.of(found(world, id))) for id, count in attempts.items()]
    time = iter([30_000, 30_000, 30_000, 0])
    returned = worker.execution.run(deliveries, lambda: next(time))
    assert [attempts[id] for id in returned] == [4]


def test_what_was_claimed_before_and_came_to_no_end_runs_after_all_others(
    world: World, ada: Person, worker: Worker
) -> None:
    """Those behind it, which it kept from running, are not dead-lettered with it."""
    suspect, *others = [queued(world, ada, n) for n in (1, 2, 3)]
    world.queue.receive()
    world.results.claim(Job.of(found(world, suspect)), 2, NOW)
    assert worker.work() == []
    assert world.results.claimed[1:] == [suspect, *others, suspect]
    assert worker.deleted == [{"message-2", "message-3"}]
    assert {found(world, id).status for id in (suspect, *others)} == {Status.SUCCEEDED}


def test_of_many_suspects_each_is_deleted_before_the_next_begins(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, n) for n in (1, 2, 3)]
    world.queue.receive()
    for id in ids:
        world.results.claim(Job.of(found(world, id)), 2, NOW)
    assert worker.work() == []
    assert worker.deleted == [{"message-1"}, {"message-2"}]


def test_a_suspect_that_takes_its_time_is_run_if_nothing_else_is(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.queue.receive()
    world.results.claim(Job.of(found(world, id)), 2, NOW)
    worker.predicting.pace.note("double", 1, 60_000)
    assert worker.work() == []
    assert found(world, id).status is Status.SUCCEEDED


def test_a_claim_that_is_lost_is_a_message_that_is_done(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.queue.receive()
    ended = replace(found(world, id), status=Status.EXPIRED)
    world.memory.predictions[id] = ended
    assert worker.work() == []
    assert found(world, id) == ended


def test_a_claim_of_unknown_fate_sends_the_message_back(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    world.queue.receive()
    world.memory.is_down = True
    assert worker.work() == ["message-1"]
    assert found(world, id).status is Status.QUEUED


def test_a_model_that_does_not_load_sends_all_back_and_is_tried_again(
    world: World, ada: Person, worker: Worker
) -> None:
    ids = [queued(world, ada, model="broken") for _ in range(3)]
    assert worker.work() == ["message-1", "message-2", "message-3"]
    assert worker.work() == ["message-1", "message-2", "message-3"]
    assert [found(world, id).attempt for id in ids] == [2, 2, 2]


def test_what_the_table_did_not_take_comes_again(world: World, ada: Person, worker: Worker) -> None:
    taken, lost = queued(world, ada), queued(world, ada)
    row = world.memory.predictions.pop(lost)
    assert worker.work() == ["message-2"]
    world.memory.predictions[lost] = row
    assert worker.work() == []
    assert found(world, taken).status is found(world, lost).status is Status.SUCCEEDED


def test_a_table_that_is_down_sends_all_back(world: World, ada: Person, worker: Worker) -> None:
    queued(world, ada)
    world.memory.is_down = True
    assert worker.work() == ["message-1"]
    world.memory.is_down = False
    assert worker.work() == []


@pytest.mark.parametrize("deliveries", [1, 2])
def test_without_time_left_the_rest_comes_again_untouched(
    world: World, ada: Person, worker: Worker, deliveries: int
) -> None:
    id = queued(world, ada)
    for _ in range(deliveries - 1):
        world.queue.receive()
    assert worker.work(remaining_ms=RESERVE_MS) == ["message-1"]
    assert found(world, id).status is Status.QUEUED


def test_the_groups_before_time_runs_out_are_kept(
    world: World, ada: Person, worker: Worker
) -> None:
    fine, broken = queued(world, ada), queued(world, ada, model="broken")
    time: Iterator[int] = iter([0, 30_000])
    deliveries = world.queue.receive()
    returned = worker.execution.run(deliveries, lambda: next(time))
    assert returned == ["message-2"]
    assert (found(world, fine).status, found(world, broken).status) == (
        Status.SUCCEEDED,
        Status.QUEUED,
    )


def test_another_version_of_the_same_major_runs_and_says_so(world: World, ada: Person) -> None:
    id = queued(world, ada)
    newer = Catalogue([replace(CATALOGUE.find("double"), version="1.9.0")])
    assert Worker(world, newer).work() == []
    result = found(world, id)
    assert (result.status, result.version) == (Status.SUCCEEDED, "1.9.0")
    assert result.requested_version == "1.2.0"


@pytest.mark.parametrize(
    "catalogue",
    [Catalogue([]), Catalogue([replace(CATALOGUE.find("double"), version="2.0.0")])],
)
def test_a_version_that_is_gone_goes_back_once_and_then_fails(
    world: World, ada: Person, catalogue: Catalogue
) -> None:
    id = queued(world, ada)
    worker = Worker(world, catalogue)
    assert worker.work() == ["message-1"]
    assert found(world, id).status is Status.QUEUED
    assert worker.work() == []
    result = found(world, id)
    assert (result.error and result.error.code, result.charged) == ("model-version-gone", False)
    assert world.memory.usage[ada.user.id, "2026-11", "double"].total == 0


def test_a_version_that_is_gone_is_given_up_when_the_table_answers(
    world: World, ada: Person
) -> None:
    id = queued(world, ada)
    worker = Worker(world, Catalogue([]))
    worker.work()
    world.memory.is_down = True
    assert worker.work() == ["message-1"]
    world.memory.is_down = False
    assert worker.work() == []
    assert found(world, id).status is Status.FAILED


def test_a_message_that_cannot_be_read_comes_again_and_its_neighbour_does_not(
    world: World, ada: Person, worker: Worker
) -> None:
    id = queued(world, ada)
    deliveries = [Delivery("unreadable", 1, None), *world.queue.receive()]
    assert worker.execution.run(deliveries, lambda: 30_000) == ["unreadable"]
    assert found(world, id).status is Status.SUCCEEDED


def test_an_unreadable_message_comes_again_however_often_it_came(worker: Worker) -> None:
    deliveries = [Delivery("unreadable", attempt, None) for attempt in (1, 2, 5)]
    assert worker.execution.run(deliveries, lambda: 30_000) == ["unreadable"] * 3


def test_a_strict_type_takes_from_a_message_what_it_took_from_the_request(
    world: World, ada: Person
) -> None:
    prediction = world.accepted(ada, "weekday", input={"day": "2026-11-23"})
    world.queue.send(Job.of(prediction))
    assert Worker(world, Catalogue([spec_of(Weekday)])).work() == []
    assert found(world, prediction.id).output == {"n": 0.0, "padding": ""}


def test_nothing_delivered_is_nothing_returned(worker: Worker) -> None:
    assert worker.execution.run([], lambda: 30_000) == []


def test_a_job_whose_row_is_gone_comes_again_until_it_is_dead(world: World, worker: Worker) -> None:
    world.queue.send(a_job("double", {"n": 4}, version="1.2.0"))
    while world.queue.messages:
        worker.work()
    assert [(each.id, each.receives) for each in world.queue.dead] == [("message-1", 5)]


def test_a_finished_batch_is_one_line_with_its_figures(
    world: World, ada: Person, worker: Worker, log: StringIO
) -> None:
    for n in (1, UNLUCKY):
        queued(world, ada, n)
    world.clock.advance(31)
    worker.work()
    [line] = [json.loads(each) for each in log.getvalue().splitlines() if "finished" in each]
    assert (line["Succeeded"], line["Failed"], line["BatchSize"]) == ([1], [1], [2])
    assert line["QueueWait"] == line["EndToEndLatency"] == [31, 31]
    assert line["model"] == "double"


def test_a_batch_of_a_hundred_is_one_line_too(
    world: World, ada: Person, worker: Worker, log: StringIO
) -> None:
    for _ in range(100):
        queued(world, ada)
    worker.execution.run(world.queue.receive(100), lambda: 30_000)
    lines = [json.loads(each) for each in log.getvalue().splitlines()]
    assert [line["Succeeded"] for line in lines] == [[100]]
    assert len(lines[0]["QueueWait"]) == 100


def test_a_batch_that_changes_nothing_is_not_counted(
    world: World, ada: Person, worker: Worker, log: StringIO
) -> None:
    id = queued(world, ada)
    worker.work()
    log.truncate(0)
    world.queue.send(Job.of(found(world, id)))
    worker.work()
    assert "Succeeded" not in log.getvalue()


def test_a_batch_is_noted_once_a_user_and_model(world: World, ada: Person, worker: Worker) -> None:
    bob = world.somebody()
    for n in (1, 2, UNLUCKY):
        queued(world, ada, n)
    queued(world, bob)
    worker.work()
    found = {tally.user_id: (tally.succeeded, tally.failed) for tally in world.usage.noted}
    assert found == {ada.user.id: (2, 1), bob.user.id: (1, 0)}
    assert len(world.usage.noted) == 2


def test_versions_and_redeliveries_of_a_model_are_noted_together(
    world: World, ada: Person, worker: Worker
) -> None:
    for version in ("1.0.0", "1.1.0"):
        prediction = world.accepted(ada, "double", input={"n": 1}, requested_version=version)
        world.queue.send(Job.of(prediction))
    queued(world, ada)
    world.queue.messages[-1].receives = 1
    worker.work()
    [tally] = world.usage.noted
    assert (tally.model, tally.succeeded) == ("double", 3)


def test_only_a_row_that_was_won_is_noted(world: World, ada: Person, worker: Worker) -> None:
    id = queued(world, ada)
    worker.work()
    world.queue.send(Job.of(found(world, id)))
    worker.work()
    assert [tally.succeeded for tally in world.usage.noted] == [1]


class NoUsage(FakeUsageBook):
    """Takes nothing."""

    def note(self, tally: Tally, at: int) -> None:
        raise Unavailable("The usage table does not answer, try again")


def test_a_usage_table_that_is_down_fails_no_prediction(world: World, ada: Person) -> None:
    world.usage = NoUsage(world.memory)
    id = queued(world, ada)
    assert Worker(world).work() == []
    assert found(world, id).status is Status.SUCCEEDED

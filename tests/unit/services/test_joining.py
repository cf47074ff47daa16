"""Many who ask the same: the model runs once, and all get what it said."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import StringIO

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.figures import Figure
from chalicelib.domain.predictions import Failure, Job, Metrics, Outcome, Prediction, Status
from chalicelib.domain.usage import Tally
from chalicelib.errors import Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.ports.results import Written
from tests.fakes import FakeCacheEntries, FakeQueue, FakeResults
from tests.samples import NOW
from tests.unit.services.models import CATALOGUE, UNLUCKY, Slow, spec_of
from tests.unit.services.workers import Worker
from tests.world import Person, World

KEY = "5f2a"
LIFETIME = 3600


@pytest.fixture
def ada(world: World) -> Person:
    return world.somebody()


@dataclass
class Crowd:
    """People who ask the same, one after the other: the first leads, the others wait."""

    world: World
    model: str = "double"
    key: str = KEY
    n: int = 4

    def __post_init__(self) -> None:
        self.leader = self._ask()
        self.job = replace(Job.of(self.leader), cache_key=self.key)
        self._keep(())
        self.world.queue.send(self.job)

    def join(self, count: int = 1, seconds: int | None = None) -> list[Prediction]:
        """So many more, who have to be started within so many seconds."""
        deadline = None if seconds is None else self.world.clock() + seconds * 1000
        joined = [self._ask(expires_at=deadline) for _ in range(count)]
        waiters = [Waiter(p.id, p.user_id, p.created_at, p.expires_at) for p in joined]
        self._keep((*self.entry.waiters, *waiters))
        return joined

    @property
    def entry(self) -> Entry:
        return self.world.memory.entries[self.key]

    def found(self, asked: Sequence[Prediction]) -> list[Prediction]:
        """As they are now."""
        return [self.world.memory.predictions[each.id] for each in asked]

    def statuses(self, asked: Sequence[Prediction]) -> list[Status]:
        return [each.status for each in self.found(asked)]

    def cancel(self) -> None:
        """The leader."""
        self.world.predictions.cancel(self.leader, self.world.clock())

    def _ask(self, **facts: object) -> Prediction:
        person, now = self.world.somebody(), self.world.clock()
        facts = {"input": {"n": self.n}, "requested_version": "1.2.0", **facts}
        return self.world.accepted(person, self.model, at=now, **facts)

    def _keep(self, waiters: tuple[Waiter, ...]) -> None:
        now = self.world.clock()
        entry = Entry(self.leader.id, waiters, LIFETIME, until=now // 1000 + 60)
        self.world.memory.entries[self.key] = entry


@pytest.fixture
def crowd(world: World) -> Crowd:
    return Crowd(world)


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world)


def test_fifty_who_ask_the_same_get_fifty_results_of_one_run(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join(49)
    assert worker.work() == []
    results = crowd.found([crowd.leader, *others])
    assert {each.status for each in results} == {Status.SUCCEEDED}
    assert [each.output for each in results] == [{"n": 8.0, "padding": ""}] * 50
    assert {each.metrics.batch_size for each in results if each.metrics} == {1}
    assert world.queue.messages == []


def test_a_cacheable_prediction_is_one_write_more_and_its_waiters_one_for_all(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    worker.work()
    assert (world.results.calls, world.entries.calls) == (1, 1)
    another = Crowd(world, key="other")
    another.join(25)
    worker.work()
    assert (world.results.calls, world.entries.calls) == (3, 2)


def test_a_prediction_without_a_key_is_no_write_more(
    world: World, ada: Person, worker: Worker
) -> None:
    for n in (1, UNLUCKY):
        world.queue.send(Job.of(world.accepted(ada, "double", input={"n": n})))
    worker.work()
    assert (world.results.calls, world.entries.calls) == (1, 0)


def test_the_result_is_fresh_for_the_lifetime_of_the_entry(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    world.clock.advance(seconds=7)
    worker.work()
    assert json.loads(crowd.entry.output or "") == {"n": 8.0, "padding": ""}
    assert (crowd.entry.version, crowd.entry.until) == ("1.2.0", NOW // 1000 + 7 + LIFETIME)


def test_a_result_and_its_entry_tell_the_version_that_ran(world: World, crowd: Crowd) -> None:
    [other] = crowd.join()
    newer = Catalogue([replace(CATALOGUE.find("double"), version="1.9.0")])
    Worker(world, newer).work()
    [result] = crowd.found([other])
    assert (result.version, result.requested_version) == ("1.9.0", "1.2.0")
    assert crowd.entry.version == "1.9.0"


def test_each_tells_its_own_wait(world: World, crowd: Crowd, worker: Worker) -> None:
    world.clock.advance(20)
    others = crowd.join()
    world.clock.advance(11)
    worker.work()
    leader, other = crowd.found([crowd.leader, *others])
    assert (leader.metrics and leader.metrics.queue_ms) == 31
    assert (other.metrics and other.metrics.queue_ms) == 11
    assert (other.started_at, other.completed_at) == (NOW + 31, NOW + 31)


def test_who_joins_while_it_runs_neither_waited_nor_ended_before_they_asked(
    world: World,
) -> None:
    crowd, joined = Crowd(world, "slow"), []

    def meanwhile(n: int) -> None:
        world.clock.advance(500)
        joined.extend(crowd.join(seconds=1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Slow, "meanwhile", meanwhile)
        Worker(world, Catalogue([spec_of(Slow)])).work()
    [result] = crowd.found(joined)
    assert result.metrics == Metrics(0, result.metrics.predict_ms if result.metrics else 0, 1)
    assert (result.started_at, result.completed_at) == (NOW + 500, NOW + 500)
    assert result.status is Status.SUCCEEDED


class Busy(FakeCacheEntries):
    """Lets something happen before joining ends."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def settle(self, job: Job, outcome: Outcome) -> Sequence[Waiter]:
        self.meanwhile()
        return super().settle(job, outcome)


def test_who_joins_after_it_ran_does_not_end_before_they_asked(world: World) -> None:
    """Whoever waits for a result takes no news that is older than what they know."""
    world.entries = entries = Busy(world.memory)
    crowd, joined = Crowd(world), []

    def meanwhile() -> None:
        world.clock.advance(5)
        joined.extend(crowd.join())

    entries.meanwhile = meanwhile
    Worker(world).work()
    [result] = crowd.found(joined)
    assert (result.status, result.completed_at) == (Status.SUCCEEDED, NOW + 5)
    assert result.changed_at >= result.created_at


def test_whose_deadline_passed_before_it_was_run_expires_and_pays_nothing(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = [*crowd.join(seconds=1), *crowd.join(seconds=2), *crowd.join()]
    world.clock.advance(seconds=1)
    assert worker.work() == []
    expired, in_time, patient = crowd.found(others)
    assert (expired.status, expired.charged) == (Status.EXPIRED, False)
    assert (in_time.status, patient.status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    assert world.memory.usage[expired.user_id, "2026-11", "double"] == Usage(0, {23: 0})


def test_a_waiter_that_was_canceled_stays_canceled(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    gone, other = crowd.join(2)
    world.predictions.cancel(gone, NOW)
    assert worker.work() == []
    assert crowd.statuses([gone, other]) == [Status.CANCELED, Status.SUCCEEDED]


def test_canceling_the_first_cancels_nobody_else(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join(2)
    crowd.cancel()
    assert worker.work() == []
    assert crowd.statuses([crowd.leader, *others]) == [
        Status.CANCELED,
        Status.SUCCEEDED,
        Status.SUCCEEDED,
    ]
    assert crowd.entry.is_done


def test_one_that_is_canceled_before_it_is_claimed_lets_the_others_run_alone(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join(2)
    world.queue.receive()
    crowd.cancel()
    assert worker.work() == []
    assert world.queue.jobs == [Job.of(each) for each in others]
    assert worker.work() == []
    assert set(crowd.statuses(others)) == {Status.SUCCEEDED}


def test_who_waits_for_one_that_fails_has_a_message_of_their_own(
    world: World, worker: Worker
) -> None:
    crowd = Crowd(world, n=UNLUCKY)
    others = [*crowd.join(), *crowd.join(seconds=5)]
    assert worker.work() == []
    assert crowd.statuses([crowd.leader, *others]) == [Status.FAILED] + [Status.QUEUED] * 2
    assert world.queue.jobs == [Job.of(each) for each in others]
    assert world.queue.jobs_in("interactive") == world.queue.jobs
    assert worker.work() == []
    assert {each.error for each in crowd.found(others)} == (
        {Failure("invalid-input", "13 is not a lucky number")}
    )


def test_that_its_leader_was_sent_again_is_no_attempt_of_who_waited(
    world: World, worker: Worker
) -> None:
    crowd = Crowd(world, n=UNLUCKY)
    others = crowd.join()
    world.queue.messages[0].job = replace(crowd.job, attempts=3)
    worker.work()
    assert world.queue.jobs == [Job.of(each) for each in others]


def test_nobody_joins_what_failed(world: World, worker: Worker) -> None:
    crowd = Crowd(world, n=UNLUCKY)
    worker.work()
    assert not crowd.entry.is_done
    assert crowd.entry.until < NOW // 1000


def test_who_waits_for_one_that_expires_has_a_message_of_their_own(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join()
    late = replace(crowd.job, deadline=NOW + 1000)
    world.queue.messages[0].job = late
    world.clock.advance(seconds=1)
    assert worker.work() == []
    assert crowd.statuses([crowd.leader]) == [Status.EXPIRED]
    assert world.queue.jobs == [Job.of(each) for each in others]


def test_a_message_goes_to_the_workers_that_have_the_model(world: World) -> None:
    crowd = Crowd(world, n=UNLUCKY)
    crowd.join()
    onnx = Catalogue([replace(CATALOGUE.find("double"), worker="onnx")])
    Worker(world, onnx).work()
    assert [message.worker for message in world.queue.messages] == ["onnx"]


def test_that_a_model_is_gone_any_worker_can_tell(world: World, crowd: Crowd) -> None:
    others = crowd.join()
    worker = Worker(world, Catalogue([]))
    while world.queue.messages:
        worker.work()
    codes = [each.error and each.error.code for each in crowd.found([crowd.leader, *others])]
    assert codes == ["model-version-gone"] * 2


class FlakyEntries(FakeCacheEntries):
    """Does not answer the first time."""

    is_up = False

    def settle(self, job: Job, outcome: Outcome) -> Sequence[Waiter]:
        self._answer()
        return super().settle(job, outcome)

    def release(self, job: Job) -> Sequence[Waiter]:
        self._answer()
        return super().release(job)

    def _answer(self) -> None:
        was_up, self.is_up = self.is_up, True
        if not was_up:
            raise Unavailable("The table does not answer, try again")


@pytest.mark.parametrize("n", [4, UNLUCKY])
def test_while_it_is_unknown_who_waits_the_message_of_the_first_comes_again(
    world: World, n: int
) -> None:
    world.entries = FlakyEntries(world.memory)
    crowd, worker = Crowd(world, n=n), Worker(world)
    others = crowd.join(2)
    assert worker.work() == ["message-1"]
    assert crowd.statuses(others) == [Status.QUEUED] * 2
    while world.queue.messages:
        worker.work()
    assert all(status.is_terminal for status in crowd.statuses(others))


def test_a_claim_that_is_lost_is_not_done_before_others_have_their_messages(
    world: World,
) -> None:
    world.entries = FlakyEntries(world.memory)
    crowd, worker = Crowd(world), Worker(world)
    others = crowd.join()
    world.queue.receive()
    crowd.cancel()
    assert worker.work() == ["message-1"]
    assert worker.work() == []
    assert world.queue.jobs == [Job.of(each) for each in others]


def test_one_that_expired_is_not_done_before_others_have_their_messages(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join()
    world.queue.messages[0].job = replace(crowd.job, deadline=NOW)
    world.queue.is_down = True
    assert worker.work() == ["message-1"]
    world.queue.is_down = False
    assert worker.work() == []
    assert world.queue.jobs == [Job.of(each) for each in others]


def test_while_the_queue_is_down_nobody_is_forgotten(world: World, worker: Worker) -> None:
    crowd = Crowd(world, n=UNLUCKY)
    others = crowd.join(2)
    world.queue.is_down = True
    assert worker.work() == ["message-1"]
    world.queue.is_down = False
    assert worker.work() == []
    assert world.queue.jobs == [Job.of(each) for each in others]


class Crashing(FakeQueue):
    """Kills its process after the first message."""

    def send(self, job: Job, worker: str = "light") -> None:
        super().send(job, worker)
        if len(self.messages) == 2:
            raise SystemExit


def test_a_crash_between_two_messages_forgets_nobody(world: World) -> None:
    world.queue = Crashing()
    crowd = Crowd(world, n=UNLUCKY)
    others = crowd.join(2)
    with pytest.raises(SystemExit):
        Worker(world).work()
    while world.queue.messages:
        Worker(world).work()
    assert crowd.statuses(others) == [Status.FAILED] * 2


class CrashingResults(FakeResults):
    """Kills its process before the second write."""

    def finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        if self.calls == 1:
            self.calls += 1
            raise SystemExit
        return super().finish(outcomes)


def test_a_crash_before_the_others_are_written_forgets_nobody_and_keeps_the_result(
    world: World,
) -> None:
    world.results = CrashingResults(world.memory)
    crowd = Crowd(world)
    others = crowd.join(2)
    with pytest.raises(SystemExit):
        Worker(world).work()
    while world.queue.messages:
        Worker(world).work()
    assert crowd.statuses(others) == [Status.SUCCEEDED] * 2
    assert crowd.entry.is_done


def test_a_waiter_whose_row_is_not_there_yet_is_not_forgotten(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    missing, other = crowd.join(2)
    row = world.memory.predictions.pop(missing.id)
    assert worker.work() == ["message-1"]
    assert crowd.statuses([other]) == [Status.SUCCEEDED]
    world.memory.predictions[missing.id] = row
    while world.queue.messages:
        worker.work()
    assert crowd.statuses([missing]) == [Status.SUCCEEDED]


def test_a_late_waiter_whose_row_is_not_there_yet_is_not_forgotten(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    [missing] = crowd.join(seconds=1)
    world.clock.advance(seconds=1)
    row = world.memory.predictions.pop(missing.id)
    assert worker.work() == ["message-1"]
    world.memory.predictions[missing.id] = row
    while world.queue.messages:
        worker.work()
    assert crowd.statuses([missing]) == [Status.EXPIRED]


def test_a_leader_of_unknown_fate_shares_nothing_yet(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join()
    row = world.memory.predictions.pop(crowd.leader.id)
    assert worker.work() == ["message-1"]
    assert crowd.statuses(others) == [Status.QUEUED]
    world.memory.predictions[crowd.leader.id] = row
    assert worker.work() == []
    assert crowd.statuses(others) == [Status.SUCCEEDED]


def test_a_duplicate_of_the_first_changes_no_result(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    others = crowd.join(2)
    worker.work()
    before = crowd.found([crowd.leader, *others])
    world.clock.advance(seconds=1)
    world.queue.send(crowd.job)
    assert worker.work() == []
    assert crowd.found([crowd.leader, *others]) == before


def test_an_entry_that_another_leads_by_now_is_left_alone(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    newer = Crowd(world)
    others = newer.join()
    world.queue.messages.pop()
    assert worker.work() == []
    assert newer.statuses(others) == [Status.QUEUED]
    assert not newer.entry.is_done


def test_several_crowds_in_one_batch_each_get_their_own(world: World, worker: Worker) -> None:
    crowds = [Crowd(world, key=str(n), n=n) for n in range(3)]
    others = [crowd.join(2) for crowd in crowds]
    assert worker.work() == []
    outputs = [
        [each.output for each in crowd.found(some)]
        for crowd, some in zip(crowds, others, strict=True)
    ]
    assert outputs == [[{"n": 2.0 * n, "padding": ""}] * 2 for n in range(3)]
    assert world.results.calls == 2


def test_all_are_counted_for_their_users_and_the_time_for_the_first(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    [other] = crowd.join()
    worker.work()
    noted = {tally.user_id: tally for tally in world.usage.noted}
    assert noted[other.user_id] == Tally(other.user_id, "double", 1, 0, 0)
    assert noted[crowd.leader.user_id].succeeded == 1


def test_all_are_in_the_metrics_and_the_batch_is_of_what_was_predicted(
    world: World, crowd: Crowd, worker: Worker, log: StringIO
) -> None:
    crowd.join(2)
    worker.work()
    [line] = [json.loads(each) for each in log.getvalue().splitlines() if "finished" in each]
    assert (line["Succeeded"], line["BatchSize"]) == ([3], [1])
    assert len(line["QueueWait"]) == len(line["prediction_ids"]) == 3


def test_a_key_makes_no_difference_to_the_figures(
    world: World, crowd: Crowd, worker: Worker
) -> None:
    worker.work()
    figure = world.memory.figures["double"]
    assert replace(figure, predict_ms=0) == Figure(0, 0, NOW)

"""All processes of a Lambent on one virtual clock, over fakes that fail as they are told to.

Each process reaches its ports through `Faulty`, whose points begin with its name: `api`, `worker`.
A function that gets to a point after its timeout is gone, as Lambda would have it.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from chalicelib.api.composition import Services
from chalicelib.api.problems import status_of
from chalicelib.domain.predictions import Json, Prediction
from chalicelib.domain.receipts import Operation
from chalicelib.errors import AppError, Unavailable
from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.runner import Runner
from chalicelib.observability import Metric, logger
from chalicelib.services.admitting import Asked as AskedFor
from chalicelib.services.execution import Delivery, Execution
from chalicelib.services.joining import Joining
from chalicelib.services.measuring import Measuring
from chalicelib.services.metering import Metering
from chalicelib.services.prediction import Predicting
from chalicelib.services.submission import Order
from chalicelib.services.sweeping import Sweeping
from chalicelib.services.undertaking import Message as Given
from chalicelib.services.undertaking import Undertaking
from tests.fakes import FakeGauge, Message
from tests.faults.faults import Crash, Faults, Faulty, Hung
from tests.faults.history import Asked, History
from tests.faults.invariants import Verdict
from tests.faults.models import CATALOGUE, expected
from tests.faults.queue import UnreliableQueue
from tests.faults.scheduler import Scheduler
from tests.world import Person, World

VISIBILITY = 180_000
BURIAL_VISIBILITY = 360_000
"""ms that a message stays hidden: from a worker, and from the undertaker."""
MINUTE = 60_000
BATCH = {"interactive": 10, "bulk": 100}
CONCURRENCY = 4
API_SECONDS, WORKER_SECONDS, SWEEPER_SECONDS = 29, 30, 60
"""Timeouts of the functions, as in the template."""

T = TypeVar("T")


@dataclass
class Invocation:
    """One run of a function: when it is stopped, and after how many points it is killed."""

    until: int
    fuse: int | None = None


class Harness:
    """The world, its processes, and the history of what they did."""

    def __init__(
        self,
        seed: int = 0,
        catalogue: Catalogue = CATALOGUE,
        *,
        refused: float = 0.0,
        lost: float = 0.0,
        is_repaired: bool = True,
    ) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.world = World(catalogue)
        self.clock = self.world.clock
        self.history = History(self.clock, self.world.memory)
        self.faults = Faults(self.random, refused, lost)
        self.faults.passing.append(self._pass)
        self.queue = UnreliableQueue(self.clock, VISIBILITY, self.random, self.history)
        self.world.queue = self.queue
        self.world.gauge = FakeGauge(self.queue, self.world.outbox, self.world.erasures)
        self.catalogue = catalogue
        """What workers serve that start from now on."""
        self.killed: Counter[str] = Counter()
        self.deliveries = 0
        self.batch_ms = 0
        """How long a worker is busy with what it was handed."""
        self._free = {kind: [0] * CONCURRENCY for kind in BATCH}
        self._burials = 0
        """The earliest that the undertaker is called again."""
        self.fuse: Callable[[str], int | None] = lambda process: None
        """After how many points the next invocation of a process is killed, if it is."""
        self.scheduler = Scheduler(self.clock, self.random)
        self.scheduler.sources += [self._source("interactive"), self._source("bulk")]
        if is_repaired:
            self.scheduler.sources.append(self._next_burial)
            self.scheduler.each(MINUTE, self.sweep)
        self.api = self._api()
        self._idle: list[tuple[Catalogue, Execution]] = []
        self._invocations: list[Invocation] = []
        self._operations = count()

    # --- who asks

    def somebody(self, **limits: Any) -> Person:
        """A user who may use every model."""
        person = self.world.somebody()
        for spec in self.world.catalogue:
            self.world.grant(person, spec.name, **limits)
        return person

    def submit(
        self,
        person: Person,
        n: int = 1,
        do: str = "work",
        *,
        model: str = "chaos",
        key: str | None = None,
        operation: int | None = None,
        **order: Any,
    ) -> Asked:
        """One request for one prediction."""
        input: Json = {"n": n, "do": do}

        def act(api: Services) -> str:
            asked = AskedFor(input=input, key=key)
            admission = api.admitting.admit(person.claims, model, asked)
            return api.submission.submit(admission, Order(input, **order)).prediction.id

        return self.ask(person, act, key, operation)

    def submit_batch(
        self,
        person: Person,
        inputs: Sequence[Json],
        *,
        model: str = "chaos",
        key: str | None = None,
        operation: int | None = None,
    ) -> Asked:
        """One request for many."""

        def act(api: Services) -> str:
            asked = AskedFor(Operation.BATCH, key=key)
            admission = api.admitting.admit(person.claims, model, asked)
            return api.batching.submit(admission, inputs).batch.id

        return self.ask(person, act, key, operation, is_batch=True)

    def ask(
        self,
        person: Person,
        act: Callable[[Services], str],
        key: str | None = None,
        operation: int | None = None,
        *,
        is_batch: bool = False,
    ) -> Asked:
        """A request that makes something, as its caller sees it end."""
        number = next(self._operations) if operation is None else operation
        asked = Asked(number, person.user.id, key is not None, is_batch)
        with self.history.request(asked):
            asked.status, asked.answer = self.answered(lambda: act(self.api))
        return asked

    def answered(self, act: Callable[[], T]) -> tuple[int | None, T | None]:
        """The status of a request and what it told; None for one whose process was killed."""
        try:
            return 202, self._invoke("api", API_SECONDS, act)
        except AppError as error:
            return status_of(error), None
        except Crash:
            self.api = self._api()
            return None, None

    def cancel(self, person: Person, id: str) -> None:
        """Its owner ends it."""
        self.answered(lambda: self.api.ending.cancel(self.api.reading.endable(person.claims, id)))

    def erase(self, person: Person, id: str) -> None:
        """Its owner deletes it."""
        self.answered(lambda: self.api.ending.erase(self.api.reading.endable(person.claims, id)))

    def found(self, asked: Asked | str | None) -> Prediction:
        """A prediction as it is stored."""
        id = asked.answer or asked.made[0] if isinstance(asked, Asked) else asked
        return self.world.memory.predictions[str(id)]

    def used(self, person: Person, model: str = "chaos") -> int:
        """Units of this month and those before."""
        usage = self.world.memory.usage.items()
        mine = [used for (user, _, of), used in usage if (user, of) == (person.user.id, model)]
        return sum(each.total for each in mine)

    # --- who works

    def work(self, kind: str = "interactive", execution: Execution | None = None) -> None:
        """A worker takes what is visible of a queue; if it is killed, nothing was deleted."""
        if deliveries := self.queue.receive(BATCH[kind], kind):
            self.deliveries += 1
            self.deliver(deliveries, execution)

    def deliver(self, deliveries: Sequence[Delivery], execution: Execution | None = None) -> None:
        """Lambda hands messages over, and deletes those that are not returned."""
        worker = execution or self._worker()
        catalogue = self.catalogue
        try:
            returned = self._invoke(
                "worker", WORKER_SECONDS, lambda: self._handled(worker, deliveries)
            )
        except Crash:
            return
        if execution is None:
            self._idle.append((catalogue, worker))
        self.queue.settle(deliveries, returned)

    def worker(self, catalogue: Catalogue | None = None, ahead: int = 0) -> Execution:
        """A new worker process, whose clock is so many ms ahead."""
        catalogue = catalogue or self.catalogue

        def clock() -> int:
            return self.clock() + ahead

        results, queue = self._faulty("worker", "results"), self._faulty("worker", "queue")
        entries = self._faulty("worker", "entries")
        runner: Any = Faulty(Runner(Path()), "worker.runner", self.faults, by_chance=False)
        return Execution(
            Predicting(catalogue, runner, clock),
            results,
            Joining(entries, results, queue, catalogue, clock),
            Metering(self._faulty("worker", "usage"), clock),
            Measuring(self._faulty("worker", "figures"), clock),
            clock,
        )

    # --- who repairs

    def sweep(self) -> None:
        """The sweeper's minute."""

        def act() -> None:
            until = self._invocations[-1].until
            self._sweeper().sweep(lambda: until - self.clock())

        with suppress(Crash, Unavailable):
            self._invoke("sweeper", SWEEPER_SECONDS, act)

    def bury(self) -> None:
        """The undertaker takes ten of what was given up; what fails comes again, all if it dies."""
        given_up = self.queue.dead[:10]
        undertaking, buried = self._undertaker(), set()

        def act() -> None:
            for message in given_up:
                with suppress(Unavailable):
                    undertaking.bury(_given_up(message, self.clock()))
                    buried.add(message.id)
            self.faults.reach("undertaker:return")

        self._burials = self.clock() + BURIAL_VISIBILITY
        with suppress(Crash):
            self._invoke("undertaker", SWEEPER_SECONDS, act)
            self.queue.dead = [each for each in self.queue.dead if each.id not in buried]
            self._burials = self._burials if self.queue.dead[:10] == given_up else 0

    # --- who releases

    def release(self, catalogue: Catalogue) -> None:
        """The API serves this from now on; `catalogue` is what workers do."""
        self.world.catalogue = catalogue
        self.api = self._api()

    # --- what became of it

    def run(self, *, seconds: int = 0, minutes: int = 0) -> None:
        """Let time pass, and what happens in it."""
        self.scheduler.run_for(seconds=seconds + 60 * minutes)

    def require_all(self, longest: int | None = None) -> None:
        """I1 to I8."""
        Verdict(self.history, expected, longest).require(self.seed)

    def _handled(self, worker: Execution, deliveries: Sequence[Delivery]) -> list[str]:
        until = self._invocations[-1].until

        def delete(ids: Collection[str]) -> None:
            self.faults.reach("worker:delete")
            self.queue.settle([each for each in deliveries if each.message_id in ids], [])

        returned = worker.run(deliveries, lambda: until - self.clock(), delete)
        self.faults.reach("worker:return")
        return returned

    def _worker(self) -> Execution:
        """One that is warm, or a new one."""
        while self._idle:
            catalogue, worker = self._idle.pop()
            if catalogue is self.catalogue:
                return worker
        return self.worker()

    def _api(self) -> Services:
        """A new process."""
        ports = self.world.ports()
        faulty = {
            name: Faulty(getattr(ports, name), f"api.{name}", self.faults)
            for name in ("reader", "predictions", "queue", "figures")
        }
        return Services(replace(ports, **faulty), self.world.catalogue, self.world.settings)

    def _sweeper(self) -> Sweeping:
        """A new process."""
        results, queue = self._faulty("sweeper", "results"), self._faulty("sweeper", "queue")
        entries = self._faulty("sweeper", "entries")
        return Sweeping(
            self._faulty("sweeper", "repairs"),
            self._faulty("sweeper", "predictions"),
            results,
            Joining(entries, results, queue, self.world.catalogue, self.clock),
            queue,
            self._faulty("sweeper", "gauge"),
            self.world.catalogue,
            self.clock,
            VISIBILITY // 1000,
        )

    def _undertaker(self) -> Undertaking:
        """A new process."""
        results, queue = self._faulty("undertaker", "results"), self._faulty("undertaker", "queue")
        entries = self._faulty("undertaker", "entries")
        return Undertaking(
            self._faulty("undertaker", "predictions"),
            results,
            Joining(entries, results, queue, self.world.catalogue, self.clock),
            self._faulty("undertaker", "dead_letters"),
            self.clock,
        )

    def _next_burial(self) -> tuple[int, Callable[[], None]] | None:
        return (max(self._burials, self.clock()), self.bury) if self.queue.dead else None

    def _faulty(self, process: str, port: str) -> Any:
        return Faulty(getattr(self.world, port), f"{process}.{port}", self.faults)

    def _invoke(self, process: str, seconds: int, act: Callable[[], T]) -> T:
        invocation = Invocation(self.clock() + 1000 * seconds, self.fuse(process))
        self._invocations.append(invocation)
        try:
            return act()
        except Hung:
            self.scheduler.stall(invocation.until - self.clock())
            self.killed[process] += 1
            raise
        except Crash:
            self.killed[process] += 1
            raise
        finally:
            self._invocations.pop()

    def _pass(self, point: str) -> None:
        """No process gets past its timeout, or its end."""
        if not self._invocations:
            return
        now = self._invocations[-1]
        if now.fuse is not None:
            now.fuse -= 1
        if now.fuse == 0 or self.clock() >= now.until:
            raise Crash

    def _source(self, kind: str) -> Callable[[], tuple[int, Callable[[], None]] | None]:
        def next_delivery() -> tuple[int, Callable[[], None]] | None:
            at, free = self.queue.next_visible(kind), min(self._free[kind])
            return None if at is None else (max(at, free), lambda: self._take_turn(kind))

        return next_delivery

    def _take_turn(self, kind: str) -> None:
        """The worker that is free first."""
        free = self._free[kind]
        free[free.index(min(free))] = self.clock() + self.batch_ms
        self.work(kind)


def _given_up(message: Message, now: int) -> Given:
    body = "" if message.job is None else json.dumps(vars(message.job))
    return Given(message.id, body, now, message.receives, message.job)


@contextmanager
def watched_metrics(history: History) -> Iterator[None]:
    """What the metric of finished predictions counts; nothing is printed meanwhile."""

    def watch(record: logging.LogRecord) -> bool:
        if record.msg == "predictions finished":
            history.finished.update(getattr(record, "prediction_ids", ()))
        for each in Metric:
            history.measured[each] += sum(getattr(record, each.value, ()))
        return False

    logger.addFilter(watch)
    try:
        yield
    finally:
        logger.removeFilter(watch)

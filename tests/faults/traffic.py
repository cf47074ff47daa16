"""Everybody at once: what users ask for, ask for again, take back, and what is not theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Json
from tests.faults.harness import MINUTE, Harness
from tests.faults.history import Asked
from tests.ground import Person

MEAN_GAP = 700
"""ms between two requests."""
BURST = 40
"""Requests of one instant."""
FAMILIAR = 60
"""So many inputs are asked for over and over: what a cache is for."""
REPETITIONS = 6
UNANSWERED = (None, 409, 500, 502, 503)
"""What a client asks again after; 409 is a batch that is still being stored."""
MIDDLE_OF_A_BATCH = [
    f"api.{call}:{side}"
    for call in ("predictions.accept_batch", "predictions.store", "queue.send_all")
    for side in ("before", "after")
]

Again = Callable[[int | None], Asked]


@dataclass(frozen=True)
class Demand:
    """Who asks, for what, and whether they can ask the same again."""

    person: Person
    model: str
    key: str | None


class Traffic:
    """Requests by chance, until so many predictions are made."""

    def __init__(self, lambent: Harness, predictions: int) -> None:
        self.lambent = lambent
        self.random = lambent.random
        self.predictions = predictions
        self.people = [lambent.somebody() for _ in range(16)]
        self.people += [lambent.somebody(daily=predictions // 100 + 5) for _ in range(3)]
        self.people += [lambent.somebody(monthly=predictions // 80 + 5) for _ in range(3)]
        self.made: list[tuple[Person, str]] = []

    @property
    def is_over(self) -> bool:
        """Whether enough is made."""
        return len(self.lambent.world.memory.predictions) >= self.predictions

    def begin(self) -> None:
        """The first request; each plans the next."""
        self._after(0, MEAN_GAP, self._request)

    def _request(self) -> None:
        if self.is_over:
            return
        self._after(0, 2 * MEAN_GAP, self._request)
        for _ in range(BURST if self._chance(0.005) else 1):
            self._one()

    def _one(self) -> None:
        """Mostly one prediction; what else happens is seldom."""
        demand = self._demand()
        if self._chance(0.01):
            self._batch(demand)
        elif self._chance(0.002):
            self._stray()
        else:
            self._single(demand)

    def _demand(self) -> Demand:
        [model] = self.random.choices(("chaos", "slow", "shared"), (60, 12, 28))
        key = str(uuid4()) if self._chance(0.4) else None
        return Demand(self.random.choice(self.people), model, key)

    def _single(self, demand: Demand) -> None:
        input = self._input(demand)
        order: dict[str, Any] = {"model": demand.model, "key": demand.key}
        if self._chance(0.06):
            order["expires_in"] = self.random.choice((1, 5, 30, 200, 600))

        def again(operation: int | None) -> Asked:
            n, do = input["n"], input["do"]
            return self.lambent.submit(demand.person, n, do, operation=operation, **order)

        self._ask(demand, again)

    def _batch(self, demand: Demand) -> None:
        size = self.random.choice((1, 3, 20, 60, 120, 250))
        inputs: list[Json] = [self._input(demand) for _ in range(size)]
        if self._chance(0.3):
            self.lambent.faults.kill(self.random.choice(MIDDLE_OF_A_BATCH))

        def again(operation: int | None) -> Asked:
            return self.lambent.submit_batch(
                demand.person, inputs, model=demand.model, key=demand.key, operation=operation
            )

        self._ask(demand, again)

    def _input(self, demand: Demand) -> dict[str, Any]:
        is_shared = demand.model == "shared"
        n = self.random.randrange(FAMILIAR if is_shared else 1_000_000)
        deeds = {"work": 960, "raise": 12, "refuse": 12, "flood": 3, "exit": 1, "hang": 1}
        [do] = self.random.choices(list(deeds), list(deeds.values()))
        return {"n": n, "do": do}

    def _ask(
        self, demand: Demand, again: Again, operation: int | None = None, left: int = 0
    ) -> None:
        """Who has a key asks until there is an answer, and now and then once more."""
        left = left or REPETITIONS
        asked = again(operation)
        for id in asked.made:
            self._made(demand, asked, id)
        wants_more = asked.status in UNANSWERED or self._chance(0.05)
        if demand.key and wants_more and left > 1:
            number = asked.operation
            self._after(0, MINUTE, lambda: self._ask(demand, again, number, left - 1))

    def _made(self, demand: Demand, asked: Asked, id: str) -> None:
        """Some of it is taken back: at once, while it runs, or when it is done."""
        if asked.is_batch:
            found = self.lambent.world.memory.predictions.values()
            members = [each.id for each in found if each.batch_id == id]
            id = self.random.choice(members) if members else id
        within = self.random.choice((0, 2_000, 30_000, 20 * MINUTE))
        if self._chance(0.04):
            self._after(0, within, lambda: self.lambent.cancel(demand.person, id))
        if self._chance(0.04):
            self._after(0, within, lambda: self.lambent.erase(demand.person, id))

    def _stray(self) -> None:
        """A message that nobody can read, or of a prediction that there never was."""
        now, person = self.lambent.clock(), self.random.choice(self.people)
        input: Json = {"n": 0, "do": "work"}
        lost = Job(uuid7(now), person.user.id, "chaos", "1.0.0", now, None, input)
        self.lambent.queue.put(self.random.choice((None, lost)), is_bulk=self._chance(0.5))

    def _chance(self, part: float) -> bool:
        return self.random.random() < part

    def _after(self, least: int, most: int, act: Callable[[], object]) -> None:
        self.lambent.scheduler.after(self.random.randint(least, most), act)

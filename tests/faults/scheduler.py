"""Events on a virtual clock: nobody sleeps, and one seed is one course of events."""

import heapq
from collections.abc import Callable
from itertools import count
from random import Random

from tests.fakes import Clock

Act = Callable[[], object]
Source = Callable[[], tuple[int, Act] | None]
"""What is to be done next of something that is not planned event by event, and when."""

DEEPEST = 3
"""Events within events: so many processes stand still while another works."""


class TooManySteps(AssertionError):
    """It does not come to rest."""


class Scheduler:
    """Plans events and lets them happen in the order of time; those of one instant in any."""

    def __init__(self, clock: Clock, random: Random, most_steps: int = 1_000_000) -> None:
        self.clock = clock
        self.sources: list[Source] = []
        self.steps = 0
        self._random = random
        self._most = most_steps
        self._number = count()
        self._planned: list[tuple[int, float, int, Act]] = []
        self._depth = 0

    def at(self, instant: int, act: Act) -> None:
        """Plan it."""
        heapq.heappush(self._planned, (instant, self._random.random(), next(self._number), act))

    def after(self, ms: int, act: Act) -> None:
        """Plan it for so many ms later."""
        self.at(self.clock.now + ms, act)

    def each(self, ms: int, act: Act) -> None:
        """Plan it for ever, so many ms apart."""

        def again() -> None:
            self.after(ms, again)
            act()

        self.after(ms, again)

    def run(self, until: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Let happen what is due until then, or until it is over."""
        while not is_over():
            at, act = self._next()
            if at > until:
                break
            self._step(at, act)
        else:
            return
        self.clock.now = max(self.clock.now, until)

    def run_for(self, ms: int = 0, *, seconds: int = 0) -> None:
        """The same, for so long."""
        self.run(self.clock.now + ms + 1000 * seconds)

    def stall(self, ms: int) -> None:
        """Whoever calls this stands still, while the others go on."""
        if self._depth < DEEPEST:
            self.run_for(ms)

    def _next(self) -> tuple[int, Act]:
        """The next event; the clock never goes back."""
        found = [each for source in self.sources if (each := source())]
        if self._planned and (not found or self._planned[0][0] <= min(at for at, _ in found)):
            return self._planned[0][0], self._pop
        return min(found, key=lambda each: each[0], default=(1 << 62, lambda: None))

    def _pop(self) -> None:
        heapq.heappop(self._planned)[3]()

    def _step(self, at: int, act: Act) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooManySteps(f"{self._most} steps, and something is still to be done")
        self.clock.now = max(self.clock.now, at)
        self._depth += 1
        try:
            act()
        finally:
            self._depth -= 1

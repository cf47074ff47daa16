"""How much of a batch fits into the time that is left."""

from collections import defaultdict, deque
from collections.abc import Callable

from chalicelib.inference.registry import Spec

RESERVE_MS = 2_000
"""Time kept free at the end of an invocation to write results and return."""
RECENT = 20
"""Predicts by which a model is judged."""


class Pace:
    """How long this process takes for one input of each model: as long as the slowest of late."""

    def __init__(self) -> None:
        self._recent: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=RECENT))

    def note(self, model: str, inputs: int, ms: float) -> None:
        """Remember how long one predict of so many inputs took."""
        self._recent[model].append(ms / inputs)

    def ms(self, spec: Spec) -> float:
        """0 for a model that nothing is known of; never above the model's own timeout."""
        slowest = max(self._recent[spec.name], default=0.0)
        return slowest if spec.timeout is None else min(slowest, spec.timeout * 1000)


class Budget:
    """The time of one invocation."""

    def __init__(self, remaining_ms: Callable[[], int], pace: Pace) -> None:
        self._remaining_ms = remaining_ms
        self._pace = pace
        self._is_fresh = True

    def room(self, spec: Spec | None, wanted: int) -> int:
        """How many of so many inputs to take on; None is a model that takes no time at all.

        Before anything runs, one is taken however slow its model is: it would not find more time
        next time.
        """
        left = self._remaining_ms() - RESERVE_MS
        if left <= 0:
            return 0
        each = self._pace.ms(spec) if spec else 0.0
        fitting = wanted if each * wanted <= left else int(left / each)
        return max(fitting, int(self._is_fresh))

    def begin(self) -> None:
        """Something runs: what comes after it has to fit."""
        self._is_fresh = False

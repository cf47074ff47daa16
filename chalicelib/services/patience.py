"""When to ask again for a prediction that has not ended."""

from chalicelib.errors import Unavailable
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.figures import Figures

INTERVAL = 10_000
"""Milliseconds for which an estimate is good."""


class Patience:
    """Estimates of this process, by model, from what workers note."""

    def __init__(self, figures: Figures, clock: Clock) -> None:
        self._figures = figures
        self._clock = clock
        self._estimates: dict[str, tuple[int, int]] = {}

    def retry_after(self, model: str) -> int:
        """Whole seconds, at least one; never an error, and mostly without looking anywhere."""
        now = self._clock()
        seconds, at = self._estimates.get(model, (1, None))
        if at is None or now - at >= INTERVAL:
            seconds = self._estimate(model, now)
            self._estimates[model] = seconds, now
        return seconds

    def _estimate(self, model: str, now: int) -> int:
        try:
            figure = self._figures.of(model)
        except Unavailable:
            return 1
        return figure.seconds(now) if figure else 1

"""How long predictions take, noted by the worker for those who ask when to come back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.figures import Figure
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.finished import Finished
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.figures import Figures

INTERVAL = 10_000
"""Milliseconds between two notes about a model."""
HALF_LIFE = 10_000
"""Milliseconds after which what was seen counts half."""
LEAST = 0.1
"""What the newest batch counts at least."""


@dataclass
class _Mean:
    """Of one model; the older, the less it counts."""

    queue_ms: float
    predict_ms: float
    seen_at: int
    noted_at: int | None = None

    def see(self, queue_ms: float, predict_ms: float, now: int) -> None:
        weight = max(LEAST, 1 - 0.5 ** (max(0, now - self.seen_at) / HALF_LIFE))
        self.queue_ms += weight * (queue_ms - self.queue_ms)
        self.predict_ms += weight * (predict_ms - self.predict_ms)
        self.seen_at = now


class Measuring:
    """The means of this process; written now and then, and nothing fails if they cannot be."""

    def __init__(self, figures: Figures, clock: Clock) -> None:
        self._figures = figures
        self._clock = clock
        self._means: dict[str, _Mean] = {}

    def note(self, finished: Iterable[Finished]) -> None:
        """Learn from what was just predicted, and tell of the models whose turn it is."""
        now = self._clock()
        for model, group in _by_model(finished).items():
            mean = self._seen(model, group, now)
            if mean.noted_at is None or now - mean.noted_at >= INTERVAL:
                mean.noted_at = now
                self._tell(model, mean)

    def _seen(self, model: str, group: Sequence[Finished], now: int) -> _Mean:
        metrics = [each.outcome.metrics for each in group]
        queue_ms = sum(each.queue_ms for each in metrics) / len(metrics)
        predict_ms = sum(each.predict_ms for each in metrics) / len(metrics)
        mean = self._means.setdefault(model, _Mean(queue_ms, predict_ms, now))
        mean.see(queue_ms, predict_ms, now)
        return mean

    def _tell(self, model: str, mean: _Mean) -> None:
        figure = Figure(round(mean.queue_ms), round(mean.predict_ms), mean.seen_at)
        try:
            self._figures.note(model, figure)
        except Unavailable as error:
            logger.warning("figures not noted", model=model, reason=str(error))


def _by_model(finished: Iterable[Finished]) -> dict[str, list[Finished]]:
    groups: defaultdict[str, list[Finished]] = defaultdict(list)
    for each in finished:
        groups[each.job.model].append(each)
    return groups

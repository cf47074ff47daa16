"""Waiting for a prediction to end, for callers that prefer one request to many."""

from collections.abc import Callable

from chalicelib.domain.predictions import Prediction
from chalicelib.errors import Unavailable
from chalicelib.services.ports.clock import Clock, Sleep
from chalicelib.services.ports.predictions import Predictions

FIRST_PAUSE = 15
LONGEST_PAUSE = 1000
"""Milliseconds between two looks; each pause is half as long again as the one before."""


class Waiting:
    """Looks again and again at one prediction."""

    def __init__(
        self, predictions: Predictions, clock: Clock, sleep: Sleep, most_seconds: int
    ) -> None:
        self._predictions = predictions
        self._clock = clock
        self._sleep = sleep
        self._most = most_seconds

    def granted(self, seconds: int) -> int:
        """How long one who asks for so many seconds may wait."""
        return min(seconds, self._most)

    def wait(
        self,
        prediction: Prediction,
        seconds: int,
        is_news: Callable[[Prediction], bool] = lambda _: False,
    ) -> Prediction:
        """It as it is when it has ended, is news, or the time has run out; never an error."""
        end = self._clock() + self.granted(seconds) * 1000
        pause = float(FIRST_PAUSE)
        while not prediction.status.is_terminal and not is_news(prediction):
            left = end - self._clock()
            if left <= 0:
                break
            self._sleep(min(pause, left) / 1000)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            prediction = self._newer(prediction)
        return prediction

    def _newer(self, known: Prediction) -> Prediction:
        """As it is told now, unless that is older than what is known, or nothing."""
        try:
            found = self._predictions.glimpse(known.id)
        except Unavailable:
            return known
        return found if found and found.changed_at >= known.changed_at else known

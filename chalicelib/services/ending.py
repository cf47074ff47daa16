"""Ending predictions for those who may: canceling and erasing them."""

from chalicelib.domain.predictions import Prediction
from chalicelib.errors import NotFound
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import Predictions


class Ending:
    """Ends predictions before or after their time; who may is `Reading`'s to say."""

    def __init__(self, predictions: Predictions, clock: Clock) -> None:
        self._predictions = predictions
        self._clock = clock

    def cancel(self, prediction: Prediction) -> Prediction:
        """It as it is now: canceled, or as it had ended; a result that comes later is dropped."""
        if prediction.status.is_terminal:
            return prediction
        ended = self._predictions.cancel(prediction, self._clock())
        if ended is None:
            raise NotFound
        return ended

    def erase(self, prediction: Prediction) -> None:
        """Cancel it, and forget what its owner put in and got out of it; what counts stays."""
        self.cancel(prediction)
        self._predictions.erase(prediction, self._clock())

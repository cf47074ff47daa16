"""What owners do to their predictions: cancel and erase them."""

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.predictions import Prediction
from chalicelib.errors import NotFound
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.predictions import Predictions
from chalicelib.services.reading import Reading


class Ending:
    """Ends predictions before or after their time."""

    def __init__(self, reading: Reading, predictions: Predictions, clock: Clock) -> None:
        self._reading = reading
        self._predictions = predictions
        self._clock = clock

    def admit(self, credential: Credential, prediction_id: str) -> Prediction:
        """A prediction that the caller may end; refusals as of a read."""
        return self._reading.seen(credential, prediction_id, Scope.PREDICTIONS_WRITE)[1]

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

"""What became of a prediction, told from its representation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.errors import Trouble


class Unsuccessful(Trouble):
    """A prediction that ended without an output."""

    def __init__(self, prediction: Mapping[str, Any]) -> None:
        error = prediction["error"] or {"code": "no reason given", "detail": ""}
        super().__init__(
            f"Prediction {prediction['id']} {prediction['status']}.",
            f"{error['code']}: {error['detail']}",
            f"Look with ./run.sh logs --id {prediction['id']}",
        )


def require_success(prediction: Mapping[str, Any]) -> None:
    """Unsuccessful unless there is an output."""
    if prediction["status"] != "succeeded":
        raise Unsuccessful(prediction)


def latency_ms(prediction: Mapping[str, Any]) -> int:
    """From accepted to stored, by the service's own clock."""
    began = datetime.fromisoformat(prediction["created_at"])
    ended = datetime.fromisoformat(prediction["completed_at"])
    return round((ended - began).total_seconds() * 1000)

"""Outdoor temperature from a place and a time of year.

A linear regression on 1,000 synthetic rows: it demonstrates the service, it forecasts nothing.
`layers/model/training/temperature.py` fits it and says how.
"""

import json
from operator import attrgetter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Model, register


class Place(BaseModel):
    """Where and when, in the local time of the place."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    latitude: float = Field(
        ge=-90, le=90, title="Latitude", description="Degrees, north positive.", examples=[40]
    )
    longitude: float = Field(
        ge=-180, le=180, title="Longitude", description="Degrees, east positive.", examples=[120]
    )
    month: int = Field(
        ge=1, le=12, title="Month", description="1 is January, 12 December.", examples=[11]
    )
    hour: int = Field(
        ge=0, le=23, title="Hour", description="Hour of the day, 0 to 23.", examples=[4]
    )


class Temperature(BaseModel):
    """The answer of the regression."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    temperature: float = Field(
        title="Temperature", description="Degrees Celsius.", examples=[8.560720654765046]
    )


@register(id=2, name="temperature", version="1.0.0", problem="regression", category="temperature")
class TemperatureModel(Model[Place, Temperature]):
    def load(self, artifacts: Path) -> None:
        import numpy as np

        fitted = json.loads((artifacts / "temperature.json").read_text(encoding="utf-8"))
        self._features = attrgetter(*fitted["features"])
        self._coefficients = np.array(fitted["coefficients"], dtype=np.float64)
        self._intercept = float(fitted["intercept"])

    def predict(self, places: list[Place]) -> list[Temperature]:
        import numpy as np

        rows = np.array([self._features(place) for place in places], dtype=np.float64)
        rows = rows.reshape(len(places), self._coefficients.size)
        # Not `rows @ coefficients`: BLAS rounds a row differently in batches of another size.
        answers = np.einsum("ij,j->i", rows, self._coefficients) + self._intercept
        return [Temperature(temperature=answer) for answer in answers.tolist()]

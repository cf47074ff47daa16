"""Fit the temperature model on synthetic rows and write its coefficients.

Run it with numpy installed; it writes the artifact that is committed, or the file it is given:

    python layers/model/training/temperature.py [FILE]

The rows are invented, so the model shows the way from a request to an answer and nothing about
the weather. The recipe (seed, order of draws, formula) is that of the reference project, whose
published answer for 40° N 120° E in November at 4 h is 8.560720654765046.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARTIFACT = Path(__file__).parents[1] / "artifacts" / "temperature.json"
FEATURES = ("latitude", "longitude", "month", "hour")
ROWS = 1000
SEED = 42


def draw() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and times, and a temperature for each; the order of draws is part of the recipe."""
    random = np.random.RandomState(SEED)  # the frozen generator: the same rows on every numpy
    latitude = random.randint(-90, 90, ROWS)
    longitude = random.randint(-180, 180, ROWS)
    month = random.randint(1, 13, ROWS)
    hour = random.randint(0, 24, ROWS)
    noise = random.normal(0, 2, ROWS)
    season = np.sin((month - 1) / 12 * 2 * np.pi) * 10
    time_of_day = np.cos((hour - 12) / 24 * 2 * np.pi) * 5
    temperature = 30 - np.abs(latitude) / 3 + season + time_of_day + noise
    return np.column_stack((latitude, longitude, month, hour)).astype(np.float64), temperature


def fit(
    rows: NDArray[np.float64], temperature: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Coefficients and intercept of ordinary least squares, on centred columns for precision."""
    centre, mean = rows.mean(axis=0), temperature.mean()
    coefficients = np.linalg.lstsq(rows - centre, temperature - mean, rcond=None)[0]
    return coefficients, float(mean - centre @ coefficients)


def artifact() -> dict[str, object]:
    """What the model loads, with how it was made."""
    coefficients, intercept = fit(*draw())
    return {
        "model": "temperature",
        "version": "1.0.0",
        "features": FEATURES,
        "coefficients": coefficients.tolist(),
        "intercept": intercept,
        "unit": "degree Celsius",
        "origin": {
            "script": "layers/model/training/temperature.py",
            "method": "linear regression, ordinary least squares with an intercept",
            "data": "synthetic",
            "rows": ROWS,
            "seed": SEED,
        },
    }


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ARTIFACT
    target.write_text(json.dumps(artifact(), indent=2) + "\n", encoding="utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()

"""Arithmetic on measured samples."""

from collections.abc import Sequence
from math import ceil


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least this part of all do not exceed (nearest rank)."""
    if not samples:
        raise ValueError("there is no percentile of nothing")
    rank = max(1, ceil(percent / 100 * len(samples)))
    return sorted(samples)[rank - 1]

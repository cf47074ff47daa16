"""How long repairs may take, in the time of the harness; inputs that behave."""

from chalicelib.domain.predictions import Json
from tests.fakes.queue import MAX_RECEIVES
from tests.faults.harness import MINUTE, VISIBILITY

REPAIRED = 3 * VISIBILITY + 2 * MINUTE
"""ms: after any single crash everything has ended."""
EXHAUSTED = (MAX_RECEIVES + 1) * VISIBILITY
"""ms: by then has ended what kills its worker each time."""


def many(count: int) -> list[Json]:
    """So many inputs, no two of them alike."""
    return [{"n": n, "do": "work"} for n in range(count)]

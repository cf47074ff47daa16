"""When to look again after what has not ended."""

from chalicelib.domain.ids import instant_of

LONGEST = 3_600_000
"""The most milliseconds between two looks."""
ANYWAY = 4
"""The look at which it is sent again even if its queue is not empty yet."""


def next_look(id: str, now: int, first: int) -> int:
    """After as long as it has waited by now, so twice as late each time; `first` at the least."""
    return now + min(LONGEST, max(first, now - instant_of(id)))

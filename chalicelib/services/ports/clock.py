"""The present instant."""

from collections.abc import Callable

Clock = Callable[[], int]
"""In ms since the epoch."""

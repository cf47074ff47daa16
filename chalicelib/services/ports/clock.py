"""The present instant, and the next."""

from collections.abc import Callable

Clock = Callable[[], int]
"""In ms since the epoch."""

Sleep = Callable[[float], None]
"""Lets so many seconds pass."""

"""The present instant, as a test wants it."""

from collections.abc import Callable

from tests.samples import NOW


class Clock:
    """Stands still until it is told to move."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes at once, and what a test wants to happen in it happens."""
        self.slept.append(seconds)
        self.now += round(seconds * 1000)
        self.meanwhile()

    def advance(self, ms: int = 0, *, seconds: int = 0, days: int = 0) -> None:
        self.now += ms + 1000 * (seconds + 86_400 * days)

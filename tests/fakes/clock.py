"""The present instant, as a test wants it."""

from tests.samples import NOW


class Clock:
    """Stands still until it is told to move."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, ms: int = 0, *, seconds: int = 0, days: int = 0) -> None:
        self.now += ms + 1000 * (seconds + 86_400 * days)

"""The queue between the API and the eraser."""

from chalicelib.domain.erasures import Erasure
from chalicelib.errors import Unavailable
from tests.fakes.clock import Clock


class FakeErasures:
    """`ports.erasures.Erasures`; `asked` has each with the instant from which it is received."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.asked: list[tuple[int, Erasure]] = []
        self.is_down = False

    def ask(self, erasure: Erasure, delay: int = 0) -> None:
        if self.is_down:
            raise Unavailable("The erasure queue does not answer, try again", retry_after=1)
        self.asked.append((self._clock() + delay * 1000, erasure))

    def waiting_for_later(self) -> int:
        """How many are not received yet."""
        return sum(at > self._clock() for at, _ in self.asked)

    def received(self) -> list[Erasure]:
        """Those that wait no longer; they are not asked for any more."""
        due = [(at, erasure) for at, erasure in self.asked if at <= self._clock()]
        self.asked = [each for each in self.asked if each not in due]
        return [erasure for _, erasure in due]

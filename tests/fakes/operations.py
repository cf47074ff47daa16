"""What an administrator switches and looks at."""

from collections.abc import Sequence

from chalicelib.domain.figures import Figure
from chalicelib.services.ports.queues import Depth
from tests.fakes.erasures import FakeErasures
from tests.fakes.mail import FakeOutbox
from tests.fakes.memory import Memory
from tests.fakes.queue import FakeQueue


class FakeSwitches:
    """`ports.switches.Switches`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def turn(self, model: str, *, is_on: bool) -> None:
        self._memory.require_up()
        change = self._memory.disabled.discard if is_on else self._memory.disabled.add
        change(model)


class FakeFigures:
    """`ports.figures.Figures`; `noted` and `asked` have the models of every use."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.noted: list[str] = []
        self.asked: list[str] = []

    def note(self, model: str, figure: Figure) -> None:
        self.noted.append(model)
        self._memory.require_up()
        self._memory.figures[model] = figure

    def of(self, model: str) -> Figure | None:
        self.asked.append(model)
        self._memory.require_up()
        return self._memory.figures.get(model)


class FakeGauge:
    """`ports.queues.Gauge`; what is hidden of a job queue counts nowhere."""

    def __init__(self, queue: FakeQueue, outbox: FakeOutbox, erasures: FakeErasures) -> None:
        self._queue = queue
        self._outbox = outbox
        self._erasures = erasures

    def depths(self) -> Sequence[Depth]:
        self._queue.require_up()
        bulk, all_visible = len(self._queue.visible("bulk")), len(self._queue.visible())
        waiting = {
            "light-interactive": all_visible - bulk,
            "light-bulk": bulk,
            "mail": len(self._outbox.letters),
        }
        later = self._erasures.waiting_for_later()
        return [
            *(Depth(name, count, 0, 0) for name, count in waiting.items()),
            Depth("erasures", len(self._erasures.asked) - later, 0, later),
        ]

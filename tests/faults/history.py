"""What really happened: every change of a row, a counter and a queue, as the tables saw it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chalicelib.domain.access import Usage
from chalicelib.domain.batches import Batch
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.observability import Metric
from tests.fakes import Clock, Memory, Message

K = TypeVar("K")
V = TypeVar("V")


class Watched(dict[K, V]):
    """A table that tells of every row that is written: its key, as it was, as it is."""

    def __init__(
        self, rows: Mapping[K, V], told: Callable[[K, V | None, V | None], object]
    ) -> None:
        super().__init__(rows)
        self._told = told

    def __setitem__(self, key: K, row: V) -> None:
        old = self.get(key)
        super().__setitem__(key, row)
        self._told(key, old, row)

    def setdefault(self, key: K, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def __delitem__(self, key: K) -> None:
        old = self.get(key)
        super().__delitem__(key)
        self._told(key, old, None)

    def pop(self, key: K, *default: Any) -> Any:
        if key not in self:
            return super().pop(key, *default)
        old = self[key]
        del self[key]
        return old

    def __ior__(self, rows: Any) -> Any:
        for key, row in dict(rows).items():
            self[key] = row
        return self


@dataclass
class Asked:
    """One request that makes predictions; what its answer was, and what it left behind."""

    operation: int
    """The same for a request and its repetitions."""
    user_id: str
    has_key: bool
    is_batch: bool = False
    made: list[str] = field(default_factory=list)
    """The prediction, or the batch."""
    status: int | None = None
    """None: its process was killed."""
    answer: str | None = None

    @property
    def was_accepted(self) -> bool:
        """Whether the caller was told so."""
        return self.status is not None and self.status < 400


@dataclass(frozen=True)
class Change:
    """One write of a prediction."""

    at: int
    old: Prediction | None
    new: Prediction | None


class History:
    """Told by the tables and queues; `checks` are asked about every change of a prediction."""

    def __init__(self, clock: Clock, memory: Memory) -> None:
        self.clock = clock
        self.memory = memory
        self.changes: defaultdict[str, list[Change]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.units: list[tuple[int, tuple[str, str, str], Usage, Usage]] = []
        self.deleted: list[tuple[int, Message, Prediction | None]] = []
        self.died: list[Message] = []
        self.letters: set[str] = set()
        """The ids of all dead letters that there were."""
        self.finished: Counter[str] = Counter()
        """How often each prediction was among those that a metric counted."""
        self.measured: Counter[Metric] = Counter()
        """The sum of each metric."""
        self._now_asking: list[Asked] = []
        memory.predictions = Watched(memory.predictions, self._row)
        memory.batches = Watched(memory.batches, self._batch)
        memory.usage = Watched(memory.usage, self._usage)
        memory.letters = Watched(memory.letters, lambda id, old, new: self.letters.add(id))

    @contextmanager
    def request(self, asked: Asked) -> Iterator[None]:
        """What is stored meanwhile is this request's."""
        self.asked.append(asked)
        self._now_asking.append(asked)
        try:
            yield
        finally:
            self._now_asking.pop()

    def message_deleted(self, message: Message) -> None:
        """With its prediction as it is at that moment."""
        found = self.memory.predictions.get(message.job.id) if message.job else None
        self.deleted.append((self.clock.now, message, found))

    def message_died(self, message: Message) -> None:
        """It went to the dead-letter queue."""
        self.died.append(message)

    def ended_at(self, id: str) -> int | None:
        """When it became terminal."""
        for each in self.changes[id]:
            if each.new and each.new.status.is_terminal:
                return each.at
        return None

    def of(self, id: str) -> str:
        """All that happened to one prediction, for whoever has to find out why."""
        began = self.changes[id][0].at if self.changes[id] else 0
        lines = [f"  +{(each.at - began) / 1000:.3f} s  {_told(each)}" for each in self.changes[id]]
        lines += [
            f"  +{(at - began) / 1000:.3f} s  {message.id} deleted, received {message.receives}"
            for at, message, _ in self.deleted
            if message.job and message.job.id == id
        ]
        return "\n".join(lines)

    def _row(self, id: str, old: Prediction | None, new: Prediction | None) -> None:
        self.changes[id].append(Change(self.clock.now, old, new))
        if old is None and new and new.batch_id is None:
            self._made(id)

    def _batch(self, id: str, old: Batch | None, new: Batch | None) -> None:
        if old is None:
            self._made(id)

    def _made(self, id: str) -> None:
        if self._now_asking:
            self._now_asking[-1].made.append(id)

    def _usage(self, key: tuple[str, str, str], old: Usage | None, new: Usage | None) -> None:
        self.units.append((self.clock.now, key, old or Usage(), new or Usage()))


def _told(change: Change) -> str:
    if change.new is None:
        return "removed"
    error = f" {change.new.error.code}" if change.new.error else ""
    charged = "" if change.new.charged else ", refunded"
    return f"{change.new.status}{error}, attempt {change.new.attempt}{charged}"


def terminal(status: Status) -> bool:
    """For a filter."""
    return status.is_terminal

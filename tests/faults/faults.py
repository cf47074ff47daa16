"""Faults between the use cases and their ports: refused, answered by nothing, killed, delayed.

Every call of a port is a pair of points, `worker.results.finish:before` and `…:after`, at which a
test may let anything happen; and each may be refused, or carried out and its answer lost.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from enum import Enum, auto
from random import Random
from typing import Any

from chalicelib.errors import Unavailable
from chalicelib.services.ports.results import Written

Act = Callable[[], object]


class Crash(BaseException):
    """The process is killed; nothing of ours may catch it."""


class Hung(Crash):
    """It never returns, and is killed when its function's time is over."""


class Fate(Enum):
    """What becomes of one call."""

    ANSWERED = auto()
    REFUSED = auto()
    """Nothing was done."""
    LOST = auto()
    """It was done, and nobody was told."""


def crash() -> None:
    """What kills the process that gets there."""
    raise Crash


class Faults:
    """What is to happen at which point; calls without a plan fail by chance, where there is any."""

    def __init__(self, random: Random, refused: float = 0.0, lost: float = 0.0) -> None:
        self.random = random
        self.refused, self.lost = refused, lost
        self.counts: Counter[str] = Counter()
        """Fates by chance."""
        self.passed: Counter[str] = Counter()
        self.passing: list[Callable[[str], object]] = []
        """Told of every point that is reached."""
        self._acts: defaultdict[str, list[Act]] = defaultdict(list)
        self._fates: defaultdict[str, list[Fate]] = defaultdict(list)

    def at(self, point: str, act: Act) -> None:
        """Let this happen when the point is reached the next time."""
        self._acts[point].append(act)

    def kill(self, point: str) -> None:
        """The process that reaches it is gone."""
        self.at(point, crash)

    def refuse(self, call: str, times: int = 1) -> None:
        """The next such calls fail, and nothing is done."""
        self._fates[call] += [Fate.REFUSED] * times

    def lose(self, call: str, times: int = 1) -> None:
        """The next such calls are carried out and then fail."""
        self._fates[call] += [Fate.LOST] * times

    def reach(self, point: str) -> None:
        """Let happen what is planned for this point."""
        self.passed[point] += 1
        for each in self.passing:
            each(point)
        if acts := self._acts.get(point):
            acts.pop(0)()

    def fate(self, call: str, by_chance: bool = True) -> Fate:
        """What becomes of this call."""
        if planned := self._fates.get(call):
            return planned.pop(0)
        if not (by_chance and (self.refused or self.lost)):
            return Fate.ANSWERED
        chance = self.random.random()
        fate = Fate.ANSWERED
        if chance < self.refused + self.lost:
            fate = Fate.REFUSED if chance < self.refused else Fate.LOST
        self.counts[fate.name.lower()] += 1
        return fate

    def some(self, items: list[Any]) -> list[Any]:
        """Those of many that a failure hits: half of the time all, else a few, at least one."""
        if len(items) < 2 or not (self.refused or self.lost) or self.random.random() < 0.5:
            return items
        return self.random.sample(items, self.random.randint(1, len(items) - 1))


class Faulty:
    """A port, as one process reaches it over the network: `name` is `worker.results`, say.

    What is in the process itself fails as it is told to, and never by chance.
    """

    def __init__(self, port: Any, name: str, faults: Faults, *, by_chance: bool = True) -> None:
        self._port = port
        self._name = name
        self._faults = faults
        self._by_chance = by_chance

    def __getattr__(self, method: str) -> Any:
        attribute = getattr(self._port, method)
        if not callable(attribute):
            return attribute
        call = self._call(method, attribute)
        self.__dict__[method] = call
        return call

    def _call(self, method: str, act: Callable[..., Any]) -> Callable[..., Any]:
        faults, name = self._faults, f"{self._name}.{method}"
        before, after = f"{name}:before", f"{name}:after"
        fail = FAILURES.get(name.partition(".")[2], _raise)

        def call(*args: Any, **options: Any) -> Any:
            faults.reach(before)
            fate = faults.fate(name, self._by_chance)
            if fate is Fate.ANSWERED:
                answer = act(*args, **options)
            else:
                answer = fail(act, fate, faults, args, options)
            faults.reach(after)
            return answer

        return call


Fail = Callable[[Callable[..., Any], Fate, Faults, tuple[Any, ...], dict[str, Any]], Any]


def _raise(
    act: Callable[..., Any],
    fate: Fate,
    faults: Faults,
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    """As most ports fail."""
    if fate is Fate.LOST:
        act(*args, **options)
    raise Unavailable("It does not answer, try again", retry_after=1)


def _unknown(
    act: Callable[..., Any],
    fate: Fate,
    faults: Faults,
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> Written:
    if fate is Fate.LOST:
        act(*args, **options)
    return Written.UNKNOWN


def _some_unknown(
    act: Callable[..., Any],
    fate: Fate,
    faults: Faults,
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> list[Written]:
    """Of the statements of one call some fail, or all."""
    outcomes = list(args[0])
    hit = {id(each) for each in faults.some(outcomes)}
    sent = outcomes if fate is Fate.LOST else [each for each in outcomes if id(each) not in hit]
    answers = iter(act(sent))
    told = {id(each): next(answers) for each in sent}
    return [Written.UNKNOWN if id(each) in hit else told[id(each)] for each in outcomes]


def _some_left(
    act: Callable[..., Any],
    fate: Fate,
    faults: Faults,
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> list[Any]:
    """Of many some are said to be left, or all."""
    items, *others = args
    hit = {id(each) for each in faults.some(list(items))}
    sent = items if fate is Fate.LOST else [each for each in items if id(each) not in hit]
    left = {id(each) for each in act(sent, *others)} | hit
    return [each for each in items if id(each) in left]


FAILURES: dict[str, Fail] = {
    "results.claim": _unknown,
    "results.expire": _unknown,
    "results.give_up": _unknown,
    "results.finish": _some_unknown,
    "predictions.store": _some_left,
    "queue.send_all": _some_left,
}
"""How those fail that tell it by their answer."""

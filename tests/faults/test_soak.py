"""Ten thousand predictions under random faults: nothing lost, nothing twice."""

from dataclasses import replace

import pytest

from chalicelib.services.ports.results import Written
from tests.fakes import FakeResults
from tests.faults import soak
from tests.faults.harness import Harness

# Tracing each line would double its time, and every line has a test of its own.
pytestmark = pytest.mark.no_cover

FEW = 500


@pytest.mark.parametrize("seed", range(1, 6))
def test_under_random_faults_nothing_is_lost_and_nothing_happens_twice(seed: int) -> None:
    figures = soak.run(seed)
    ended = figures.succeeded + figures.failed + figures.canceled + figures.expired
    assert ended == figures.predictions >= soak.PREDICTIONS


def test_one_seed_is_one_course_of_events() -> None:
    first, second = soak.run(1, FEW), soak.run(1, FEW)
    assert first == replace(second, cpu_s=first.cpu_s)


def test_without_sweeper_and_undertaker_it_finds_what_never_ends() -> None:
    with pytest.raises(AssertionError, match=r"I1 violated .*still queued"):
        soak.run(1, FEW, Harness(1, is_repaired=False))


class Careless(FakeResults):
    """A table whose last writer wins."""

    def _write(self, id: str, **changes: object) -> Written:
        if not (found := self._memory.predictions.get(id)):
            return Written.UNKNOWN
        self._memory.predictions[id] = written = replace(found, **changes)  # type: ignore[arg-type]
        if written.status.is_terminal:
            self._memory.due.pop(id, None)
        return Written.WON


def test_where_the_last_writer_wins_it_finds_what_changed_after_its_end() -> None:
    lambent = Harness(1)
    lambent.world.results = Careless(lambent.world.memory)
    with pytest.raises(AssertionError, match=r"(?s)I2 violated.*\./run\.sh soak --seed 1 "):
        soak.run(1, FEW, lambent)

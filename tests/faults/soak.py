"""The soak: ten thousand predictions under random faults, and then nothing that does not hold.

`python -m tests.faults.soak SEED PREDICTIONS` runs one seed and tells its figures as JSON.
"""

import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from random import Random
from unittest.mock import patch

from chalicelib.domain.instants import epoch_ms
from chalicelib.inference.catalogue import Catalogue
from tests.faults.figures import Figures, figures_of
from tests.faults.harness import MINUTE, Harness, watched_metrics
from tests.faults.models import CATALOGUE, DEPLOYED
from tests.faults.traffic import Traffic

PREDICTIONS = 10_000
REFUSED, LOST = 0.05, 0.02
"""Of all calls of a port."""
DOUBLED = 0.05
KILLED_EACH = {"worker": 200, "api": 100, "sweeper": 8, "undertaker": 4}
"""A worker dies once in so many messages, the others once in so many invocations."""
MOST_POINTS = {"worker": 8, "api": 12, "sweeper": 60, "undertaker": 12}
"""The latest point of an invocation at which it is killed."""
BEGIN = epoch_ms(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
"""Half an hour before a month ends, so that units go back to the day and month they are of."""
REST = 14 * 60 * MINUTE
"""Within this after the last fault the last duplicate has come."""
LONGEST = 4 * 60 * MINUTE
"""Within this of its acceptance everything has ended, faults or not."""


class Soak:
    """One seed's course of events."""

    def __init__(self, lambent: Harness, predictions: int) -> None:
        self.lambent = lambent
        lambent.clock.now = BEGIN
        self.traffic = Traffic(lambent, predictions)
        self._seen: Counter[str] = Counter()
        self._kill_at = dict(KILLED_EACH)

    def run(self) -> None:
        """Disorder, then rest, then the verdict."""
        self._begin_faults()
        self.traffic.begin()
        self.lambent.scheduler.run(BEGIN + REST, lambda: self.traffic.is_over)
        self._end_faults()
        self.lambent.scheduler.run(self.lambent.clock() + REST, self._is_at_rest)
        self.lambent.require_all(LONGEST)
        self._require_rest()

    def _begin_faults(self) -> None:
        lambent, queue = self.lambent, self.lambent.queue
        lambent.faults.refused, lambent.faults.lost = REFUSED, LOST
        queue.doubled, queue.is_reordered, queue.longest_delay = DOUBLED, True, 5_000
        lambent.batch_ms = 1_000
        lambent.fuse = self._fuse
        self._plan_release()

    def _end_faults(self) -> None:
        lambent, queue = self.lambent, self.lambent.queue
        lambent.faults.refused = lambent.faults.lost = queue.doubled = 0.0
        lambent.fuse = lambda process: None

    def _plan_release(self) -> None:
        """The API changes at an instant; of the workers there are both for a minute."""
        after, random = self.lambent.scheduler.after, self.lambent.random
        begin = random.randint(5 * MINUTE, 40 * MINUTE)
        after(begin + random.randint(0, MINUTE), lambda: self.lambent.release(DEPLOYED))
        for at in range(0, MINUTE, 10_000):
            after(begin + at, lambda: self._serve(random.choice((CATALOGUE, DEPLOYED))))
        after(begin + MINUTE, lambda: self._serve(DEPLOYED))

    def _serve(self, catalogue: Catalogue) -> None:
        self.lambent.catalogue = catalogue

    def _fuse(self, process: str) -> int | None:
        """After how many points this invocation is killed, if it is its turn."""
        self._seen[process] += 1
        count = self.lambent.queue.delivered if process == "worker" else self._seen[process]
        if count < self._kill_at[process]:
            return None
        self._kill_at[process] += KILLED_EACH[process]
        return self.lambent.random.randint(1, MOST_POINTS[process])

    def _is_at_rest(self) -> bool:
        queue = self.lambent.queue
        return not (queue.messages or queue.dead or self.lambent.world.memory.due)

    def _require_rest(self) -> None:
        if not self._is_at_rest():
            queue, due = self.lambent.queue, self.lambent.world.memory.due
            left = f"{len(queue.messages)} messages, {len(queue.dead)} given up, {len(due)} due"
            raise AssertionError(f"seed {self.lambent.seed}: it does not come to rest: {left}")


def run(seed: int, predictions: int = PREDICTIONS, lambent: Harness | None = None) -> Figures:
    """What a seed went through; AssertionError, with how to see it again, where it fails."""
    lambent, began = lambent or Harness(seed), time.process_time()
    with repeatable_ids(seed), watched_metrics(lambent.history):
        try:
            Soak(lambent, predictions).run()
        except Exception as error:
            error.add_note(f"See it again: ./run.sh soak --seed {seed} --predictions {predictions}")
            raise
    return figures_of(lambent, time.process_time() - began)


@contextmanager
def repeatable_ids(seed: int) -> Iterator[None]:
    """The system's randomness, seeded: the sweeper meets predictions in the order of their ids."""
    with patch.object(secrets, "randbits", Random(seed).getrandbits):
        yield


def main() -> None:
    """One seed's figures, or, with exit code 1, what did not hold."""
    try:
        figures = run(int(sys.argv[1]), int(sys.argv[2]))
    except AssertionError as error:
        sys.exit("\n".join([str(error), *error.__notes__]))
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()

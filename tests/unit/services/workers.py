"""The worker over the fakes of a world."""

from collections.abc import Callable, Collection
from pathlib import Path

from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.runner import Runner
from chalicelib.services.execution import Execution
from chalicelib.services.joining import Joining
from chalicelib.services.measuring import Measuring
from chalicelib.services.metering import Metering
from chalicelib.services.prediction import Predicting
from tests.unit.services.models import CATALOGUE
from tests.world import World


class Worker:
    """Takes what is queued, runs it, and gives back what must come again."""

    def __init__(self, world: World, catalogue: Catalogue = CATALOGUE) -> None:
        self._world = world
        self.deleted: list[Collection[str]] = []
        self.predicting = Predicting(catalogue, Runner(Path()), world.clock)
        self.execution = Execution(
            self.predicting,
            world.results,
            Joining(world.entries, world.results, world.queue, catalogue, world.clock),
            Metering(world.usage, world.clock),
            Measuring(world.figures, world.clock),
            world.clock,
        )

    def work(self, remaining_ms: int | Callable[[], int] = 30_000, most: int = 10) -> list[str]:
        """One batch; the ids of the messages that come again."""
        deliveries = self._world.queue.receive(most)
        told = remaining_ms if callable(remaining_ms) else lambda: remaining_ms
        returned = self.execution.run(deliveries, told, self.deleted.append)
        self._world.queue.settle(deliveries, returned)
        return returned

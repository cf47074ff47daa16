import pytest

from chalicelib.api.composition import Services
from tests.fakes import Clock, Memory
from tests.unit.services.models import CATALOGUE
from tests.world import World


@pytest.fixture
def world() -> World:
    return World(CATALOGUE)


@pytest.fixture
def clock(world: World) -> Clock:
    return world.clock


@pytest.fixture
def memory(world: World) -> Memory:
    return world.memory


@pytest.fixture
def use(world: World) -> Services:
    """Every use case of the API over the same fakes."""
    return world.services()

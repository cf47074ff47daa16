from dataclasses import dataclass

import pytest

from chalicelib.services.accounts import Accounts
from chalicelib.services.authentication import Authentication
from chalicelib.services.granting import Granting
from chalicelib.services.reading import Reading
from chalicelib.services.submission import Submission
from tests.fakes import Clock, Memory
from tests.unit.services.models import CATALOGUE
from tests.world import World


@dataclass(frozen=True)
class UseCases:
    """Every use case of the API over the same fakes."""

    authentication: Authentication
    accounts: Accounts
    granting: Granting
    reading: Reading
    submission: Submission


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
def use(world: World) -> UseCases:
    authentication = Authentication(world.reader, world.clock)
    return UseCases(
        authentication,
        Accounts(world.accounts, world.passwords, world.tokens, world.clock, world.settings),
        Granting(world.accounts, world.access, world.catalogue, world.clock),
        Reading(authentication, world.catalogue, world.clock),
        Submission(authentication, world.predictions, world.queue, world.catalogue, world.clock),
    )

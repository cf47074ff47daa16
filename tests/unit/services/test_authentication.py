import pytest

from chalicelib.errors import Forbidden, Unauthorized, Unavailable
from tests.samples import DAY
from tests.unit.services.conftest import UseCases
from tests.world import World


def test_the_bearer_of_a_living_session_is_its_user(world: World, use: UseCases) -> None:
    ada = world.somebody()
    assert use.authentication.caller(ada.claims).user == ada.user


def test_after_its_end_a_session_is_nobody(world: World, use: UseCases) -> None:
    ada = world.somebody()
    world.clock.advance(90 * DAY)
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)


def test_a_user_who_is_gone_is_nobody(world: World, use: UseCases) -> None:
    ada = world.somebody()
    del world.memory.users[ada.user.id]
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)


def test_only_a_superuser_passes_as_one(world: World, use: UseCases) -> None:
    root = world.somebody(is_superuser=True)
    assert use.authentication.superuser(root.claims).user == root.user
    with pytest.raises(Forbidden):
        use.authentication.superuser(world.somebody().claims)


def test_while_the_table_is_down_nobody_is_refused_for_good(world: World, use: UseCases) -> None:
    ada = world.somebody()
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.authentication.caller(ada.claims)

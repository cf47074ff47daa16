import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.callers import Credential
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import Change
from chalicelib.errors import Forbidden, Unauthorized, Unavailable
from chalicelib.services.accounts.authentication import Authentication, Strategy, by_session_token
from chalicelib.services.ports.reading import Wanted
from tests.samples import DAY, a_user
from tests.unit.services.accounts import recorded
from tests.unit.services.models import CATALOGUE
from tests.world import World


def over(world: World, *strategies: Strategy) -> Authentication:
    """Authentication by these strategies alone."""
    ports = world.ports()
    return Authentication(strategies, ports.reader, ports.api_keys, ports.clock, world.settings)


def test_the_bearer_of_a_living_session_is_its_user(world: World, use: Services) -> None:
    ada = world.somebody()
    credential = use.authentication.identify(ada.token)
    assert use.authentication.caller(credential).user == ada.user


@pytest.mark.parametrize("text", ["", "x", "rt_x", "lk_", "lk_x", "fake.a.b", "LK_x"])
def test_a_text_that_is_no_credential_is_nobodys(use: Services, text: str) -> None:
    with pytest.raises(Unauthorized):
        use.authentication.identify(text)


def test_the_first_strategy_that_knows_a_text_reads_it(world: World) -> None:
    def mute(text: str, now: int) -> Credential | None:
        return None

    def cookie(text: str, now: int) -> Credential | None:
        return Claims(text, "session", now)

    authentication = over(world, mute, cookie, by_session_token(world.tokens))
    assert authentication.identify("ada") == Claims("ada", "session", world.clock())
    with pytest.raises(Unauthorized):
        over(world, mute).identify("ada")


def test_who_is_calling_and_what_is_wanted_are_one_read(world: World) -> None:
    use, calls = recorded(world)
    ada = world.somebody(is_superuser=True)
    use.authentication.superuser(ada.claims, Wanted(models=("double",), user=a_user().id))
    assert calls == ["FakeReader.read"]


def test_a_superuser_gets_the_user_that_they_ask_for(world: World, use: Services) -> None:
    root, ada = world.somebody(is_superuser=True), world.somebody()
    caller, found = use.authentication.superuser(root.claims, Wanted(user=ada.user.id))
    assert (caller.user, found.other) == (root.user, ada.user)


def test_after_its_end_a_session_is_nobody(world: World, use: Services) -> None:
    ada = world.somebody()
    world.clock.advance(days=30)
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)
    assert DAY * 30 + ada.user.created_at == world.clock()


def test_a_user_who_is_gone_is_nobody(world: World, use: Services) -> None:
    ada = world.somebody()
    del world.memory.users[ada.user.id]
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)


@pytest.mark.parametrize("change", [Change(is_active=False), Change(ends_sessions=True)])
def test_what_happens_to_a_user_acts_on_the_very_next_request(
    world: World, use: Services, change: Change
) -> None:
    ada = world.somebody()
    use.authentication.caller(ada.claims)
    world.users.change(ada.user, change)
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)


def test_who_is_deactivated_and_activated_again_has_to_sign_in(world: World, use: Services) -> None:
    ada = world.somebody()
    inactive = world.users.change(ada.user, Change(is_active=False, ends_sessions=True))
    world.users.change(inactive, Change(is_active=True))
    with pytest.raises(Unauthorized):
        use.authentication.caller(ada.claims)


def test_only_a_superuser_passes_as_one(world: World, use: Services) -> None:
    root = world.somebody(is_superuser=True)
    assert use.authentication.superuser(root.claims)[0].user == root.user
    with pytest.raises(Forbidden):
        use.authentication.superuser(world.somebody().claims)


def test_a_demotion_acts_on_the_very_next_request(world: World, use: Services) -> None:
    root, _ = world.somebody(is_superuser=True), world.somebody(is_superuser=True)
    use.authentication.superuser(root.claims)
    world.users.change(root.user, Change(is_superuser=False))
    with pytest.raises(Forbidden):
        use.authentication.superuser(root.claims)


def test_where_verification_is_required_who_is_not_verified_may_nothing() -> None:
    world = World(CATALOGUE, require_verification=True)
    use = world.services()
    with pytest.raises(Forbidden):
        use.authentication.caller(world.somebody().claims)
    assert use.authentication.caller(world.somebody(is_verified=True).claims)


def test_while_the_table_is_down_nobody_is_refused_for_good(world: World, use: Services) -> None:
    ada = world.somebody()
    world.memory.is_down = True
    with pytest.raises(Unavailable):
        use.authentication.caller(ada.claims)

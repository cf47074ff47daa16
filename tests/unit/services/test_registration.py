import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event
from chalicelib.errors import EmailTaken, TooManyAttempts, WeakPassword
from tests.contracts.stores import in_parallel
from tests.unit.services.accounts import ANOTHER, HERE, PASSWORD, WEAK, recorded
from tests.world import World

SPELLINGS = ["ada@example.com", "ADA@Example.com", "Ada@example.com", "\uff41da@example.com"]


def test_a_new_user_has_no_privilege(use: Services) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    assert (user.is_active, user.is_superuser, user.is_verified) == (True, False, False)


def test_a_new_user_is_stored_with_the_time_and_a_hash(world: World, use: Services) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    assert world.memory.users == {user.id: user}
    assert user.password_hash == world.passwords.hash(PASSWORD)
    assert user.created_at == world.clock()


def test_the_command_line_may_make_a_verified_superuser(use: Services) -> None:
    root = use.registration.register(
        "root@example.com", PASSWORD, HERE, is_superuser=True, is_verified=True
    )
    assert (root.is_superuser, root.is_verified) == (True, True)


@pytest.mark.parametrize("password", [WEAK, "short", "x" * 257, "ada@example.com is me"])
def test_a_weak_password_makes_no_account(world: World, use: Services, password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        use.registration.register("ada@example.com", password, HERE)
    detail = {"code": "REGISTER_INVALID_PASSWORD", "reason": refusal.value.reason}
    assert refusal.value.detail == detail
    assert not world.memory.users


def test_a_weak_password_is_told_before_a_taken_address(world: World, use: Services) -> None:
    use.registration.register("ada@example.com", PASSWORD, HERE)
    with pytest.raises(WeakPassword):
        use.registration.register("ada@example.com", WEAK, HERE)


@pytest.mark.parametrize("email", SPELLINGS)
def test_an_address_is_registered_once_in_whatever_spelling(
    world: World, use: Services, email: str
) -> None:
    use.registration.register("ada@example.com", PASSWORD, HERE)
    with pytest.raises(EmailTaken, match="REGISTER_USER_ALREADY_EXISTS"):
        use.registration.register(email, ANOTHER, HERE)
    assert len(world.memory.users) == 1


def test_of_many_at_once_one_gets_the_address(world: World, use: Services) -> None:
    refused = in_parallel(
        SPELLINGS * 5, lambda email: use.registration.register(email, PASSWORD, HERE)
    )
    assert [type(each) for each in refused] == [EmailTaken] * 19
    assert len(world.memory.users) == 1


def test_a_registration_is_audited_without_the_address(world: World, use: Services) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    [entry] = world.trail.entries
    assert (entry.event, entry.actor, entry.target) == (Event.REGISTERED, "", user.id)
    assert (entry.source_ip, entry.request_id) == (HERE.source_ip, HERE.request_id)


def test_who_is_refused_leaves_no_trace(world: World, use: Services) -> None:
    with pytest.raises(WeakPassword):
        use.registration.register("ada@example.com", WEAK, HERE)
    assert not world.trail.entries


def test_from_one_address_twenty_may_register_in_an_hour(world: World, use: Services) -> None:
    for n in range(20):
        use.registration.register(f"user{n}@example.com", PASSWORD, HERE)
    with pytest.raises(TooManyAttempts) as refusal:
        use.registration.register("one.more@example.com", PASSWORD, HERE)
    assert refusal.value.retry_after == 3600
    world.clock.advance(seconds=3600)
    assert use.registration.register("one.more@example.com", PASSWORD, HERE)


def test_who_registered_too_often_costs_no_hash(world: World) -> None:
    use, calls = recorded(world)
    for n in range(20):
        use.registration.register(f"user{n}@example.com", PASSWORD, HERE)
    calls.clear()
    with pytest.raises(TooManyAttempts):
        use.registration.register("one.more@example.com", PASSWORD, HERE)
    assert calls == ["FakeCounters.spend"]

import pytest

from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import EmailTaken, LastSuperuser, NotFound, Unavailable
from chalicelib.services.accounts.changing import TRIES, Changing
from chalicelib.services.ports.accounts import Stale
from tests.contracts.stores import in_parallel
from tests.fakes import FakeUsers
from tests.world import World


def anybody(user: User) -> None:
    """No objection."""


def deactivation(user: User) -> Change:
    return Change(is_active=False) if user.is_active else Change()


class Contended(FakeUsers):
    """Somebody else always is faster."""

    tries = 0

    def change(self, user: User, change: Change) -> User:
        self.tries += 1
        raise Stale

    def remove(self, user: User) -> None:
        self.tries += 1
        raise Stale


def test_a_change_is_decided_again_on_what_others_made_of_the_user(world: World) -> None:
    ada = world.somebody().user
    world.users.change(ada, Change(email="eve@example.com"))
    seen: list[str] = []

    def decide(user: User) -> Change:
        seen.append(user.email)
        return Change(is_verified=True)

    after = Changing(world.users).apply(ada, decide)
    assert seen == [ada.email, "eve@example.com"]
    assert (after.email, after.is_verified) == ("eve@example.com", True)


def test_what_others_changed_already_is_not_changed_again(world: World) -> None:
    ada = world.somebody().user
    inactive = world.users.change(ada, Change(is_active=False))
    assert Changing(world.users).apply(ada, deactivation) == inactive


def test_who_is_gone_meanwhile_is_not_found(world: World) -> None:
    ada = world.somebody().user
    world.users.remove(ada)
    with pytest.raises(NotFound):
        Changing(world.users).apply(ada, deactivation)
    with pytest.raises(NotFound):
        Changing(world.users).remove(ada, anybody)


def test_a_user_who_was_changed_meanwhile_is_removed_all_the_same(world: World) -> None:
    ada = world.somebody().user
    world.users.change(ada, Change(is_verified=True))
    Changing(world.users).remove(ada, anybody)
    assert not world.memory.users


def test_who_is_overtaken_every_time_may_try_again_later(world: World) -> None:
    ada, users = world.somebody().user, Contended(world.memory)
    for act in (
        lambda: Changing(users).apply(ada, deactivation),
        lambda: Changing(users).remove(ada, anybody),
    ):
        with pytest.raises(Unavailable) as refusal:
            act()
        assert refusal.value.retry_after == 1
    assert users.tries == 2 * TRIES


def test_refusals_are_passed_on(world: World) -> None:
    root, ada = world.somebody(is_superuser=True).user, world.somebody().user
    with pytest.raises(LastSuperuser):
        Changing(world.users).apply(root, deactivation)
    with pytest.raises(LastSuperuser):
        Changing(world.users).remove(root, anybody)
    with pytest.raises(EmailTaken):
        Changing(world.users).apply(root, lambda _: Change(email=ada.email))


def test_of_two_superusers_who_demote_each_other_at_once_one_remains(world: World) -> None:
    roots = [world.somebody(is_superuser=True).user for _ in range(2)]
    refused = in_parallel(
        roots, lambda user: Changing(world.users).apply(user, lambda _: Change(is_superuser=False))
    )
    assert [type(each) for each in refused] == [LastSuperuser]
    assert sum(user.has_power for user in world.memory.users.values()) == 1


def test_of_two_users_who_take_one_free_address_at_once_one_gets_it(world: World) -> None:
    people = [world.somebody().user for _ in range(2)]
    refused = in_parallel(
        people,
        lambda user: Changing(world.users).apply(user, lambda _: Change(email="free@example.com")),
    )
    assert [type(each) for each in refused] == [EmailTaken]

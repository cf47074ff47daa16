import pytest

from chalicelib.domain.access import Grant, Policy
from chalicelib.errors import NotFound
from tests.samples import NOW, a_user
from tests.unit.services.conftest import UseCases
from tests.world import World


@pytest.mark.parametrize("model", ["double", "1"])
def test_a_grant_has_the_limits_of_its_policy(world: World, use: UseCases, model: str) -> None:
    ada = world.somebody().user
    grant = use.granting.grant(ada.id, model, 1)
    assert grant == Grant(ada.id, "double", 1, NOW, 1000, 30000, 30)
    assert world.memory.grants == {(ada.id, "double"): grant}


@pytest.mark.parametrize(
    ("user", "model", "policy", "detail"),
    [
        (a_user().id, "double", 1, "User with id "),
        ("nonsense", "double", 1, "User with id nonsense not found"),
        (None, "triple", 1, "Model triple not found"),
        (None, "9", 1, "Model with id 9 not found"),
        (None, "double", 9, "Access policy with id 9 not found"),
        (None, "double", 10**3000, "Access policy with id 1000"),
        (None, "double", -1, "Access policy with id -1 not found"),
    ],
)
def test_who_or_what_is_not_there_is_named(
    world: World, use: UseCases, user: str | None, model: str, policy: int, detail: str
) -> None:
    ada = world.somebody().user
    with pytest.raises(NotFound) as refusal:
        use.granting.grant(user or ada.id, model, policy)
    assert str(refusal.value.detail).startswith(detail)
    assert not world.memory.grants


def test_a_second_grant_replaces_the_first(world: World, use: UseCases) -> None:
    ada = world.somebody().user
    world.access.put_policy(Policy(2, "trial", 1, 2, 3))
    use.granting.grant(ada.id, "double", 1)
    use.granting.grant(ada.id, "double", 2)
    assert [grant.policy_id for grant in world.memory.grants.values()] == [2]


def test_a_pairing_tells_what_was_used_before_and_when_last(world: World, use: UseCases) -> None:
    ada = world.somebody()
    world.accepted(ada, "double", at=NOW - 5)
    world.accepted(ada, "double", at=NOW - 3)
    pairing = use.granting.pair(ada.user.id, "double", 1)
    assert (pairing.accepted, pairing.last_accessed) == (2, NOW - 3)


def test_a_pairing_of_something_unused_was_last_accessed_when_it_was_granted(
    world: World, use: UseCases
) -> None:
    pairing = use.granting.pair(world.somebody().user.id, "double", 1)
    assert (pairing.accepted, pairing.last_accessed) == (0, NOW)


def test_a_revoked_grant_is_gone(world: World, use: UseCases) -> None:
    ada = world.somebody().user
    use.granting.grant(ada.id, "double", 1)
    use.granting.revoke(ada.id, "1")
    assert not world.memory.grants


def test_to_revoke_from_nobody_is_an_error(use: UseCases) -> None:
    with pytest.raises(NotFound):
        use.granting.revoke(a_user().id, "double")

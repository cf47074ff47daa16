from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.accounts.audit import Event
from chalicelib.errors import NotFound, Unavailable
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.granting import Granting
from chalicelib.services.policymaking import Policymaking
from tests.fakes import FakePolicies
from tests.samples import NOW, a_user
from tests.unit.services.accounts import HERE
from tests.world import World


@pytest.mark.parametrize("model", ["double", "1"])
def test_a_grant_has_the_limits_of_its_policy(world: World, use: Services, model: str) -> None:
    ada = world.somebody().user
    grant = use.granting.grant(ada.id, model, 1, HERE)
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
    world: World, use: Services, user: str | None, model: str, policy: int, detail: str
) -> None:
    ada = world.somebody().user
    with pytest.raises(NotFound) as refusal:
        use.granting.grant(user or ada.id, model, policy, HERE)
    assert str(refusal.value.detail).startswith(detail)
    assert not world.memory.grants


def test_a_second_grant_replaces_the_first(world: World, use: Services) -> None:
    ada = world.somebody().user
    world.policies.add(Policy(2, "trial", 1, 2, 3))
    use.granting.grant(ada.id, "double", 1, HERE)
    use.granting.grant(ada.id, "double", 2, HERE)
    assert [grant.policy_id for grant in world.memory.grants.values()] == [2]


def test_a_pairing_tells_what_was_used_before_and_when_last(world: World, use: Services) -> None:
    ada = world.somebody()
    world.accepted(ada, "double", at=NOW - 5)
    world.accepted(ada, "double", at=NOW - 3)
    pairing = use.granting.pair(ada.user.id, "double", 1, HERE)
    assert (pairing.accepted, pairing.last_accessed) == (2, NOW - 3)


def test_a_pairing_of_something_unused_was_last_accessed_when_it_was_granted(
    world: World, use: Services
) -> None:
    pairing = use.granting.pair(world.somebody().user.id, "double", 1, HERE)
    assert (pairing.accepted, pairing.last_accessed) == (0, NOW)


def test_a_revoked_grant_is_gone(world: World, use: Services) -> None:
    ada = world.somebody().user
    use.granting.grant(ada.id, "double", 1, HERE)
    use.granting.revoke(ada.id, "1", HERE)
    assert not world.memory.grants


def test_who_had_no_grant_is_told_so_and_it_is_not_audited(world: World, use: Services) -> None:
    ada = world.somebody().user
    assert use.granting.revoke(ada.id, "double", HERE) is False
    assert not world.trail.entries


def test_a_grant_of_a_model_that_left_the_catalogue_can_be_ended(
    world: World, use: Services
) -> None:
    ada = world.somebody()
    world.grant(ada, "triple")
    assert use.granting.revoke(ada.user.id, "triple", HERE) is True
    assert not world.memory.grants


@pytest.mark.parametrize("model", ["9", "No Name", "x" * 101, "", "a#b"])
def test_what_can_be_no_model_is_granted_to_nobody(world: World, use: Services, model: str) -> None:
    with pytest.raises(NotFound, match="not found"):
        use.granting.revoke(world.somebody().user.id, model, HERE)


def test_a_grant_may_have_an_end(world: World, use: Services) -> None:
    ada = world.somebody().user
    grant = use.granting.grant(ada.id, "double", 1, HERE, NOW + 5)
    assert grant.expires_at == NOW + 5
    assert list(use.granting.grants(ada)) == [grant]


class BusyPolicies(FakePolicies):
    """Somebody changes the policy right after it was read, so many times."""

    def __init__(self, world: World, times: int) -> None:
        super().__init__(world.memory)
        self._left = times

    def find(self, policy_id: int) -> Policy | None:
        found = super().find(policy_id)
        if found and self._left:
            self._left -= 1
            self.change(found, replace(found, daily=self._left))
        return found


def granting_with(world: World, policies: FakePolicies) -> Granting:
    audit = Auditing(world.trail, world.clock)
    making = Policymaking(policies, audit)
    return Granting(world.users, making, world.access, world.catalogue, audit, world.clock)


def test_a_policy_that_changes_meanwhile_is_read_again(world: World) -> None:
    granting = granting_with(world, BusyPolicies(world, times=3))
    grant = granting.grant(world.somebody().user.id, "double", 1, HERE)
    assert grant.daily == 0


def test_a_policy_that_never_stays_the_same_is_given_up(world: World) -> None:
    granting = granting_with(world, BusyPolicies(world, times=99))
    with pytest.raises(Unavailable):
        granting.grant(world.somebody().user.id, "double", 1, HERE)
    assert not world.memory.grants
    assert not world.trail.entries


def test_to_revoke_from_nobody_is_an_error(use: Services) -> None:
    with pytest.raises(NotFound):
        use.granting.revoke(a_user().id, "double", HERE)


def test_grants_and_their_ends_are_audited(world: World, use: Services) -> None:
    ada = world.somebody().user
    use.granting.pair(ada.id, "double", 1, HERE.by("root"))
    use.granting.revoke(ada.id, "double", HERE.by("root"))
    entries = [(each.event, each.actor, each.target) for each in world.trail.entries]
    assert entries == [(Event.GRANT_CHANGED, "root", ada.id)] * 2


def test_a_grant_that_is_refused_is_not_audited(world: World, use: Services) -> None:
    with pytest.raises(NotFound):
        use.granting.grant(world.somebody().user.id, "double", 9, HERE)
    assert not world.trail.entries

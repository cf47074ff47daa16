from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.audit import Event
from chalicelib.errors import NotFound, PolicyInUse, PolicyNameTaken, Unavailable
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.policymaking import Policymaking
from tests.fakes import FakePolicies
from tests.unit.services.accounts import HERE
from tests.world import World


def test_ids_are_given_in_order_after_the_largest(world: World, use: Services) -> None:
    names = ("two", "three")
    added = [use.policymaking.add(name, 1, None, 30, HERE) for name in names]
    world.policies.add(Policy(9, "nine"))
    last = use.policymaking.add("ten", None, 0, 365, HERE)
    assert added == [Policy(2, "two", 1), Policy(3, "three", 1)]
    assert last == Policy(10, "ten", None, 0, 365)


def test_the_first_policy_of_all_has_the_id_one(world: World, use: Services) -> None:
    world.memory.policies.clear()
    assert use.policymaking.add("first", None, None, 30, HERE).id == 1


def test_a_taken_name_is_refused_and_nothing_is_audited(world: World, use: Services) -> None:
    with pytest.raises(PolicyNameTaken, match="named base"):
        use.policymaking.add("base", None, None, 30, HERE)
    assert not world.trail.entries


@pytest.mark.parametrize("policy_id", [0, -1, 9, 10**9, 10**9 + 1, 10**3000])
def test_a_policy_that_is_not_there_is_not_found(use: Services, policy_id: int) -> None:
    for act in (
        lambda: use.policymaking.find(policy_id),
        lambda: use.policymaking.change(policy_id, lambda policy: policy, HERE),
        lambda: use.policymaking.remove(policy_id, HERE),
    ):
        with pytest.raises(NotFound, match=r"^Access policy with id"):
            act()


def test_a_change_is_a_change_of_the_grants_too(world: World, use: Services) -> None:
    ada = world.somebody().user
    use.granting.grant(ada.id, "double", 1, HERE)
    changed = use.policymaking.change(1, lambda policy: replace(policy, daily=None), HERE)
    assert changed == Policy(1, "base", None, 30000)
    assert world.memory.grants[ada.id, "double"].daily is None


def test_a_change_that_was_interrupted_is_finished_by_repeating_it(
    world: World, use: Services
) -> None:
    ada = world.somebody().user
    use.granting.grant(ada.id, "double", 1, HERE)
    world.memory.policies[1] = Policy(1, "base", 5, 6)
    use.policymaking.change(1, lambda policy: policy, HERE)
    assert world.memory.grants[ada.id, "double"].daily == 5


def test_a_policy_is_not_renamed_to_anothers_name(world: World, use: Services) -> None:
    world.policies.add(Policy(2, "trial"))
    with pytest.raises(PolicyNameTaken):
        use.policymaking.change(2, lambda policy: replace(policy, name="base"), HERE)


def test_a_policy_in_use_stays_until_its_last_grant_ends(world: World, use: Services) -> None:
    ada = world.somebody().user
    use.granting.grant(ada.id, "double", 1, HERE)
    with pytest.raises(PolicyInUse):
        use.policymaking.remove(1, HERE)
    use.granting.revoke(ada.id, "double", HERE)
    use.policymaking.remove(1, HERE)
    assert use.policymaking.all() == []


def test_what_is_ensured_is_added_under_its_own_id_once(world: World, use: Services) -> None:
    wanted = [Policy(1, "other"), Policy(7, "seven")]
    assert use.policymaking.ensure(wanted, HERE) == [Policy(7, "seven")]
    assert use.policymaking.ensure(wanted, HERE) == []
    assert [policy.name for policy in use.policymaking.all()] == ["base", "seven"]


def test_what_is_ensured_under_anothers_name_is_refused(use: Services) -> None:
    with pytest.raises(PolicyNameTaken):
        use.policymaking.ensure([Policy(7, "base")], HERE)


def test_every_change_is_audited(world: World, use: Services) -> None:
    making, by_root = use.policymaking, HERE.by("root")
    making.add("two", None, None, 30, by_root)
    making.ensure([Policy(3, "three")], by_root)
    making.change(2, lambda policy: policy, by_root)
    making.remove(3, by_root)
    entries = [(each.event, each.actor, each.target) for each in world.trail.entries]
    targets = ["policy 2", "policy 3", "policy 2", "policy 3"]
    assert entries == [(Event.POLICY_CHANGED, "root", target) for target in targets]


class Crowded(FakePolicies):
    """Others add a policy of their own right after the policies were listed, so many times."""

    def __init__(self, world: World, times: int) -> None:
        super().__init__(world.memory)
        self._left = times

    def all(self) -> list[Policy]:
        found = list(super().all())
        if self._left:
            self._left -= 1
            self.add(Policy(found[-1].id + 1, f"other {self._left}"))
        return found


def test_an_id_that_others_took_first_is_counted_on_from(world: World) -> None:
    making = Policymaking(Crowded(world, times=3), Auditing(world.trail, world.clock))
    assert making.add("mine", None, None, 30, HERE).id == 5


def test_who_is_always_slower_is_told_to_try_again(world: World) -> None:
    making = Policymaking(Crowded(world, times=99), Auditing(world.trail, world.clock))
    with pytest.raises(Unavailable) as refusal:
        making.add("mine", None, None, 30, HERE)
    assert refusal.value.retry_after == 1

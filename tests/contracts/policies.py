"""Access policies."""

from dataclasses import replace

import pytest

from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.accounts.users import User
from chalicelib.errors import PolicyInUse, PolicyNameTaken
from chalicelib.services.ports.policies import Changed
from tests.contracts.stores import Stores, in_parallel, walk
from tests.samples import NOW, a_grant, a_user

BASE = Policy(1, "base", 7, 70, 30)
TRIAL = Policy(2, "trial", 1, None, 3)


class PoliciesContract:
    def test_policies_are_listed_by_id_and_null_is_no_limit(self, stores: Stores) -> None:
        policies = [Policy(10, "ten", None, None, 1), Policy(2, "two", 0, 5), Policy(1, "base", 7)]
        for policy in policies:
            stores.policies.add(policy)
        assert list(stores.policies.all()) == policies[::-1]
        assert stores.policies.find(10) == policies[0]
        assert stores.policies.find(3) is None

    @pytest.mark.parametrize("limit", [1, 2, 3, 50])
    def test_a_walk_over_the_pages_meets_each_policy_once(self, stores: Stores, limit: int) -> None:
        policies = [Policy(number, f"policy {number}") for number in (1, 2, 9, 10, 100)]
        for policy in policies:
            stores.policies.add(policy)
        pages = walk(lambda after: stores.policies.page(limit, after))
        assert [policy for page in pages for policy in page] == policies

    def test_an_id_is_taken_once(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        with pytest.raises(Changed):
            stores.policies.add(replace(TRIAL, id=1))
        assert list(stores.policies.all()) == [BASE]

    def test_a_name_is_taken_once(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        with pytest.raises(PolicyNameTaken):
            stores.policies.add(replace(BASE, id=2))
        assert list(stores.policies.all()) == [BASE]

    def test_of_many_of_one_name_at_once_one_is_stored(self, stores: Stores) -> None:
        same = [replace(BASE, id=number) for number in range(1, 6)]
        failures = in_parallel(same, stores.policies.add)
        assert [type(failure) for failure in failures] == [PolicyNameTaken] * 4

    def test_a_changed_policy_takes_the_place_of_the_one_seen(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        for seen, policy in ((BASE, replace(BASE, daily=None, monthly=8)), (None, TRIAL)):
            policy = replace(policy, id=1)
            stores.policies.change(seen or stores.policies.all()[0], policy)
            assert list(stores.policies.all()) == [policy]

    def test_a_policy_may_be_changed_into_itself(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        stores.policies.change(BASE, BASE)
        assert list(stores.policies.all()) == [BASE]

    @pytest.mark.parametrize(
        "facts", [{"daily": 8}, {"monthly": None}, {"retention_days": 1}, {"name": "other"}]
    )
    def test_what_is_not_the_policy_any_more_is_not_changed(
        self, stores: Stores, facts: dict[str, object]
    ) -> None:
        stores.policies.add(BASE)
        seen = replace(BASE, **facts)  # type: ignore[arg-type]
        with pytest.raises(Changed):
            stores.policies.change(seen, replace(seen, daily=5))
        with pytest.raises(Changed):
            stores.policies.remove(seen)
        assert list(stores.policies.all()) == [BASE]

    def test_a_policy_that_is_gone_is_neither_changed_nor_removed(self, stores: Stores) -> None:
        with pytest.raises(Changed):
            stores.policies.change(BASE, BASE)
        with pytest.raises(Changed):
            stores.policies.remove(BASE)
        assert list(stores.policies.all()) == []

    def test_a_policy_is_not_renamed_to_anothers_name(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        stores.policies.add(TRIAL)
        with pytest.raises(PolicyNameTaken):
            stores.policies.change(TRIAL, replace(TRIAL, name="base", daily=9))
        assert list(stores.policies.all()) == [BASE, TRIAL]

    def test_a_name_that_was_given_up_is_free(self, stores: Stores) -> None:
        stores.policies.add(BASE)
        renamed = replace(BASE, name="basic")
        stores.policies.change(BASE, renamed)
        stores.policies.add(replace(BASE, id=2))
        stores.policies.remove(renamed)
        stores.policies.add(renamed)
        assert [policy.name for policy in stores.policies.all()] == ["basic", "base"]

    def test_the_limits_of_a_policy_reach_every_grant_that_names_it(self, stores: Stores) -> None:
        granted = [self._granted(stores, BASE) for _ in range(27)]
        stores.policies.add(TRIAL)
        other = self._granted(stores, TRIAL)
        changed = Policy(1, "base", None, 5, 9)
        stores.policies.change(BASE, changed)
        stores.policies.spread(changed)
        found = [stores.access.grants(grant.user_id)[0] for grant in granted]
        assert found == [grant.limited_by(changed) for grant in granted]
        assert list(stores.access.grants(other.user_id)) == [other]

    def test_limits_leave_the_end_of_a_grant_as_it_is(self, stores: Stores) -> None:
        grant = self._granted(stores, BASE, expires_at=NOW + 5)
        changed = replace(BASE, daily=1)
        stores.policies.change(BASE, changed)
        stores.policies.spread(changed)
        assert list(stores.access.grants(grant.user_id)) == [replace(grant, daily=1)]

    def test_limits_that_are_not_the_policys_any_more_reach_no_grant(self, stores: Stores) -> None:
        grant = self._granted(stores, BASE)
        stores.policies.spread(replace(BASE, daily=1))
        assert list(stores.access.grants(grant.user_id)) == [grant]

    def test_a_grant_that_ended_or_changed_its_policy_stays_so(self, stores: Stores) -> None:
        ended, moved, kept = (self._granted(stores, BASE) for _ in range(3))
        stores.policies.add(TRIAL)
        stores.access.end_grant(ended.user_id, ended.model)
        moved = replace(moved, policy_id=2)
        stores.access.put_grant(moved, TRIAL)
        changed = replace(BASE, daily=1)
        stores.policies.change(BASE, changed)
        stores.policies.spread(changed)
        found = [list(stores.access.grants(each.user_id)) for each in (ended, moved, kept)]
        assert found == [[], [moved], [replace(kept, daily=1)]]

    def test_a_policy_that_a_grant_names_stays(self, stores: Stores) -> None:
        self._granted(stores, BASE)
        with pytest.raises(PolicyInUse):
            stores.policies.remove(BASE)
        assert list(stores.policies.all()) == [BASE]

    def test_a_policy_that_a_grant_named_goes(self, stores: Stores) -> None:
        grant = self._granted(stores, BASE)
        stores.access.end_grant(grant.user_id, grant.model)
        stores.policies.remove(BASE)
        assert list(stores.policies.all()) == []

    def test_a_policy_goes_once_its_grants_have_another(self, stores: Stores) -> None:
        grant = self._granted(stores, BASE)
        stores.policies.add(TRIAL)
        stores.access.put_grant(replace(grant, policy_id=2), TRIAL)
        stores.policies.remove(BASE)
        with pytest.raises(PolicyInUse):
            stores.policies.remove(TRIAL)

    def test_a_policy_goes_once_its_users_are_gone(self, stores: Stores) -> None:
        user = stores.added()
        self._granted(stores, BASE, user)
        stores.users.remove(user)
        stores.policies.remove(BASE)
        assert list(stores.policies.all()) == []

    def test_nobody_gets_a_policy_that_changed_or_went(self, stores: Stores) -> None:
        user = stores.added()
        stores.policies.add(BASE)
        for seen in (replace(BASE, daily=8), TRIAL):
            with pytest.raises(Changed):
                stores.access.put_grant(Grant.under(seen, user.id, "temperature", NOW), seen)
        assert list(stores.access.grants(user.id)) == []

    def test_nobody_who_is_gone_gets_a_policy(self, stores: Stores) -> None:
        user = a_user()
        stores.policies.add(BASE)
        with pytest.raises(Changed):
            stores.access.put_grant(a_grant(user), BASE)
        assert list(stores.access.grants(user.id)) == []

    def _granted(
        self, stores: Stores, policy: Policy, user: User | None = None, **facts: object
    ) -> Grant:
        if stores.policies.find(policy.id) is None:
            stores.policies.add(policy)
        user = user or stores.added()
        grant = replace(Grant.under(policy, user.id, "temperature", NOW), **facts)  # type: ignore[arg-type]
        stores.access.put_grant(grant, policy)
        return grant

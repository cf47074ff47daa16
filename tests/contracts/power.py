"""There is always somebody who can administer, once there was."""

from collections.abc import Callable

import pytest

from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import LastSuperuser
from chalicelib.services.ports.accounts import Stale
from tests.contracts.stores import Stores, in_parallel

DEMOTE, PROMOTE = Change(is_superuser=False), Change(is_superuser=True)
DEACTIVATE, ACTIVATE = Change(is_active=False, ends_sessions=True), Change(is_active=True)


class PowerContract:
    @pytest.mark.parametrize("change", [DEMOTE, DEACTIVATE])
    def test_the_last_superuser_stays_one(self, stores: Stores, change: Change) -> None:
        root = self._root(stores)
        stores.added()
        with pytest.raises(LastSuperuser):
            stores.users.change(root, change)
        assert stores.users.by_id(root.id) == root

    def test_the_last_superuser_is_not_removed(self, stores: Stores) -> None:
        root = self._root(stores)
        with pytest.raises(LastSuperuser):
            stores.users.remove(root)
        assert stores.users.by_email(root.email) == root

    @pytest.mark.parametrize("change", [DEMOTE, DEACTIVATE])
    def test_the_last_but_one_need_not_stay_one(self, stores: Stores, change: Change) -> None:
        root, second = self._root(stores), self._root(stores)
        assert stores.users.change(root, change) == change.of(root)
        with pytest.raises(LastSuperuser):
            stores.users.remove(second)

    def test_the_last_but_one_can_be_removed(self, stores: Stores) -> None:
        root, second = self._root(stores), self._root(stores)
        stores.users.remove(root)
        with pytest.raises(LastSuperuser):
            stores.users.change(second, DEMOTE)

    def test_other_changes_of_the_last_superuser_are_made(self, stores: Stores) -> None:
        root = self._root(stores)
        change = Change("root@example.com", "hash", is_verified=True, ends_sessions=True)
        changed = stores.users.change(root, change)
        assert stores.users.by_id(root.id) == changed
        with pytest.raises(LastSuperuser):
            stores.users.change(changed, DEMOTE)

    def test_an_inactive_superuser_is_no_superuser(self, stores: Stores) -> None:
        root, inactive = self._root(stores), self._root(stores, is_active=False)
        with pytest.raises(LastSuperuser):
            stores.users.change(root, DEMOTE)
        stores.users.change(inactive, ACTIVATE)
        assert stores.users.change(root, DEMOTE)

    def test_who_was_promoted_counts_and_who_was_demoted_does_not(self, stores: Stores) -> None:
        root, user = self._root(stores), stores.added()
        promoted = stores.users.change(user, PROMOTE)
        demoted = stores.users.change(promoted, DEMOTE)
        with pytest.raises(LastSuperuser):
            stores.users.change(root, DEMOTE)
        stores.users.change(demoted, PROMOTE)
        assert stores.users.change(root, DEMOTE) == DEMOTE.of(root)

    def test_who_lost_it_twice_is_stale(self, stores: Stores) -> None:
        root, _ = self._root(stores), self._root(stores)
        stores.users.change(root, DEMOTE)
        with pytest.raises(Stale):
            stores.users.change(root, DEACTIVATE)

    @pytest.mark.parametrize("count", [2, 5])
    def test_of_superusers_who_all_step_down_at_once_one_remains(
        self, stores: Stores, count: int
    ) -> None:
        roots = [self._root(stores) for _ in range(count)]
        failures = in_parallel(roots, lambda root: stores.users.change(root, DEMOTE))
        assert [type(failure) for failure in failures] == [LastSuperuser]
        assert len([user for user in stores.users.all() if user.has_power]) == 1

    def test_of_two_who_demote_and_remove_each_other_at_once_one_remains(
        self, stores: Stores
    ) -> None:
        one, other = self._root(stores), self._root(stores)
        acts: list[Callable[[], object]] = [
            lambda: stores.users.change(one, DEMOTE),
            lambda: stores.users.remove(other),
        ]
        failures = in_parallel(acts, lambda act: act())
        assert [type(failure) for failure in failures] == [LastSuperuser]
        assert len([user for user in stores.users.all() if user.has_power]) == 1

    def _root(self, stores: Stores, is_active: bool = True) -> User:
        return stores.added(is_superuser=True, is_active=is_active)

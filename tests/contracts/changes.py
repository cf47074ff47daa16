"""How users are changed: all of it or nothing, and never over what somebody else changed."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.accounts.users import Change
from chalicelib.errors import EmailTaken
from chalicelib.services.ports.accounts import Stale
from tests.contracts.stores import Stores, in_parallel
from tests.samples import a_user


class ChangesContract:
    @pytest.mark.parametrize(
        "change",
        [
            Change(email="grace@example.com", is_verified=False),
            Change(password_hash="another", ends_sessions=True),
            Change(is_active=False, ends_sessions=True),
            Change(is_superuser=True),
            Change(is_verified=True),
            Change(ends_sessions=True),
            Change("grace@example.com", "another", False, True, True, ends_sessions=True),
            Change(),
        ],
    )
    def test_what_changes_is_changed_and_nothing_else(self, stores: Stores, change: Change) -> None:
        user = stores.added(session_version=4)
        assert stores.users.change(user, change) == change.of(user)
        assert stores.users.by_id(user.id) == change.of(user)

    @pytest.mark.parametrize(
        "change",
        [
            Change(email="grace@example.com"),
            Change(password_hash="another"),
            Change(is_active=False),
            Change(is_superuser=True),
            Change(is_verified=True),
            Change(ends_sessions=True),
        ],
    )
    def test_who_was_changed_meanwhile_is_stale(self, stores: Stores, change: Change) -> None:
        stores.added(is_superuser=True)
        user = stores.added()
        changed = stores.users.change(user, change)
        with pytest.raises(Stale):
            stores.users.change(user, Change(is_verified=True, password_hash="third"))
        assert stores.users.by_id(user.id) == changed

    def test_who_was_removed_meanwhile_is_stale(self, stores: Stores) -> None:
        user = stores.added()
        stores.users.remove(user)
        with pytest.raises(Stale):
            stores.users.change(user, Change(email="grace@example.com"))
        assert stores.users.by_id(user.id) is None
        assert stores.users.by_email("grace@example.com") is None

    def test_of_parallel_changes_of_one_user_exactly_one_is_made(self, stores: Stores) -> None:
        user = stores.added()
        changes = [Change(password_hash=f"hash {n}", ends_sessions=True) for n in range(8)]
        failures = in_parallel(changes, lambda change: stores.users.change(user, change))
        assert [type(failure) for failure in failures] == [Stale] * 7
        found = stores.users.by_id(user.id)
        assert found
        assert found.session_version == user.session_version + 1

    def test_a_new_address_is_found_and_the_old_one_is_free(self, stores: Stores) -> None:
        user = stores.added(email="ada@example.com")
        changed = stores.users.change(user, Change(email="grace@example.com"))
        assert stores.users.by_email("GRACE@example.com") == changed
        assert stores.users.by_email("ada@example.com") is None
        assert stores.added(email="ada@example.com")

    def test_another_spelling_of_ones_address_is_free(self, stores: Stores) -> None:
        user = stores.added(email="ada@example.com")
        changed = stores.users.change(user, Change(email="Ada@example.com"))
        assert stores.users.by_email("ada@example.com") == changed
        with pytest.raises(EmailTaken):
            stores.users.add(a_user(email="ada@example.com"))

    @pytest.mark.parametrize("spelling", ["grace@example.com", "GRACE@EXAMPLE.com"])
    def test_anothers_address_is_taken_and_nothing_changes(
        self, stores: Stores, spelling: str
    ) -> None:
        user, other = stores.added(), stores.added(email="grace@example.com")
        with pytest.raises(EmailTaken) as refusal:
            stores.users.change(user, Change(email=spelling, is_verified=True))
        assert refusal.value.detail == "UPDATE_USER_EMAIL_ALREADY_EXISTS"
        assert stores.users.by_id(user.id) == stores.users.by_email(user.email) == user
        assert stores.users.by_email("grace@example.com") == other

    def test_of_many_who_want_one_free_address_exactly_one_gets_it(self, stores: Stores) -> None:
        users, free = [stores.added() for _ in range(6)], Change(email="free@example.com")
        failures = in_parallel(users, lambda user: stores.users.change(user, free))
        assert [type(failure) for failure in failures] == [EmailTaken] * 5
        owner = stores.users.by_email("free@example.com")
        assert [user.id for user in stores.users.all() if user.email == "free@example.com"] == [
            owner and owner.id
        ]

    def test_an_address_is_either_registered_or_moved_to(self, stores: Stores) -> None:
        user, newcomer = stores.added(), a_user(email="free@example.com")
        acts: list[Any] = [
            lambda: stores.users.add(newcomer),
            lambda: stores.users.change(user, Change(email="free@example.com")),
        ]
        assert [type(each) for each in in_parallel(acts, lambda act: act())] == [EmailTaken]

    def test_who_moved_can_move_back(self, stores: Stores) -> None:
        user = stores.added(email="ada@example.com")
        moved = stores.users.change(user, Change(email="grace@example.com"))
        assert stores.users.change(moved, Change(email="ada@example.com")) == user
        assert stores.users.by_email("ada@example.com") == replace(user)
        assert stores.users.by_email("grace@example.com") is None

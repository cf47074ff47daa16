"""Users are found, listed and removed."""

import pytest

from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import User
from chalicelib.errors import EmailTaken
from chalicelib.services.ports.accounts import Stale
from chalicelib.services.ports.reading import Snapshot, Wanted
from tests.contracts.stores import Stores, in_parallel, walk
from tests.samples import a_grant, a_key, a_session, a_user, claims_of

NAMES = ["zoe", "ada", "bob", "Carol", "\xfcmit", "eve", "\U0001f642"]


class UsersContract:
    def test_a_user_is_found_by_id_and_by_address(self, stores: Stores) -> None:
        user = stores.added(is_superuser=True, is_verified=True, session_version=3)
        assert stores.users.by_id(user.id) == user
        assert stores.users.by_email(user.email) == user

    def test_nobody_is_found_who_was_not_added(self, stores: Stores) -> None:
        assert stores.users.by_id(a_user().id) is None
        assert stores.users.by_email("nobody@example.com") is None

    @pytest.mark.parametrize(
        "spelling", ["ADA@example.com", "ada@EXAMPLE.com", "\uff41da@example.com"]
    )
    def test_one_address_is_one_user_however_it_is_spelt(
        self, stores: Stores, spelling: str
    ) -> None:
        first, second = stores.added(email="ada@example.com"), a_user(email=spelling)
        with pytest.raises(EmailTaken) as refusal:
            stores.users.add(second)
        assert refusal.value.detail == "REGISTER_USER_ALREADY_EXISTS"
        assert stores.users.by_email(spelling) == first
        assert stores.users.by_id(second.id) is None

    def test_an_address_may_be_as_long_as_addresses_are(self, stores: Stores) -> None:
        """U+FDFA is one letter, and eighteen in the canonical spelling."""
        user = stores.added(email="\ufdfa" * 64 + "@example.com")
        assert stores.users.by_email(user.email) == user
        assert stores.users.by_email("\ufdfa" * 63 + "@example.com") is None

    def test_of_parallel_registrations_of_one_address_exactly_one_wins(
        self, stores: Stores
    ) -> None:
        rivals = [a_user(email="ada@example.com") for _ in range(8)]
        failures = in_parallel(rivals, stores.users.add)
        assert [type(failure) for failure in failures] == [EmailTaken] * 7
        assert len(list(stores.users.all())) == 1

    def test_everybody_is_listed_by_address(self, stores: Stores) -> None:
        users = [stores.added(email=f"{name}@example.com") for name in NAMES]
        assert list(stores.users.all()) == sorted(users, key=lambda user: user.email)

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_a_walk_over_the_pages_meets_everybody_once_and_in_order(
        self, stores: Stores, limit: int
    ) -> None:
        users = [stores.added(email=f"{name}@example.com") for name in NAMES]
        pages = walk(lambda after: stores.users.page(None, limit, after))
        assert [user for page in pages for user in page] == sorted(users, key=lambda u: u.email)
        assert {len(page) for page in pages[:-1]} <= {limit}
        assert len(pages) == -(-len(NAMES) // limit)

    @pytest.mark.parametrize("is_active", [True, False])
    def test_a_page_is_full_although_others_are_left_out(
        self, stores: Stores, is_active: bool
    ) -> None:
        for number in range(9):
            stores.added(email=f"{number}@example.com", is_active=(number % 3 == 0) == is_active)
        pages = walk(lambda after: stores.users.page(is_active, 2, after))
        names = [[user.email[0] for user in page] for page in pages]
        assert names == [["0", "3"], ["6"]]

    def test_pages_go_on_where_somebody_was_removed(self, stores: Stores) -> None:
        users = [stores.added(email=f"{name}@example.com") for name in "abc"]
        first = stores.users.page(None, 1, None)
        stores.users.remove(users[0])
        assert stores.users.page(None, 5, first.next).items == users[1:]

    def test_of_nobody_there_is_one_page(self, stores: Stores) -> None:
        page = stores.users.page(None, 5, None)
        assert (list(page.items), page.next) == ([], None)

    def test_who_is_removed_is_gone_with_all_that_was_theirs(self, stores: Stores) -> None:
        user = stores.added()
        session = self._belongings(stores, user)
        stores.users.remove(user)
        wanted = Wanted(models=("temperature",), month="2026-11")
        assert stores.reader.read(session, wanted) == Snapshot()
        assert stores.users.by_email(user.email) is None
        assert list(stores.api_keys.of(user.id)) == []

    def test_who_stays_keeps_what_is_theirs(self, stores: Stores) -> None:
        user = stores.added()
        session = self._belongings(stores, user)
        stores.users.remove(stores.added())
        found = stores.reader.read(session, Wanted(models=("temperature",), month="2026-11"))
        assert (found.user, bool(found.proof), len(found.grants)) == (user, True, 1)
        assert len(stores.api_keys.of(user.id)) == 1

    def test_the_address_of_who_was_removed_is_free(self, stores: Stores) -> None:
        user = stores.added(email="ada@example.com")
        stores.users.remove(user)
        successor = stores.added(email="ADA@example.com")
        assert stores.users.by_email(user.email) == successor

    def test_more_than_one_call_can_delete_is_deleted(self, stores: Stores) -> None:
        user = stores.added()
        for number in range(30):
            stores.sessions.start(a_session(user, number))
        stores.users.remove(user)
        assert list(stores.sessions.page(user.id, 50, None).items) == []

    def test_who_changed_meanwhile_is_not_removed(self, stores: Stores) -> None:
        user = stores.added()
        session = self._belongings(stores, user)
        with pytest.raises(Stale):
            stores.users.remove(a_user(id=user.id, email=user.email, is_verified=True))
        assert stores.users.by_email(user.email) == user
        assert stores.proof(session)

    def test_nobody_is_removed_twice(self, stores: Stores) -> None:
        user = stores.added()
        failures = in_parallel([user] * 4, stores.users.remove)
        assert [type(failure) for failure in failures] == [Stale] * 3

    def _belongings(self, stores: Stores, user: User) -> Claims:
        session = a_session(user)
        stores.sessions.start(session)
        stores.api_keys.add(a_key(user))
        stores.access.put_grant(a_grant(user))
        return claims_of(session)

"""Failures and budgets."""

import pytest

from chalicelib.domain.accounts.throttling import FORGOTTEN, TRUSTED, Budget, Failures
from tests.contracts.stores import Stores, at_once
from tests.samples import NOW

BUDGET = Budget("register", 20, 3600)
PAIR = "pair#ada#203.0.113.7"


class CountersContract:
    def test_of_whom_nothing_is_counted_nothing_is_known(self, stores: Stores) -> None:
        assert stores.counters.failures("account#ada", PAIR) == [Failures(), Failures()]

    def test_attempts_are_counted_one_after_another(self, stores: Stores) -> None:
        seen = self._counted(stores, "account#ada", 3)
        assert seen == Failures(3, NOW + 2)
        assert stores.counters.failures("account#ada", "account#bob") == [seen, Failures()]

    def test_keys_may_be_asked_for_in_any_order_and_twice(self, stores: Stores) -> None:
        ada, bob = self._counted(stores, "a", 1), self._counted(stores, "b", 2)
        assert stores.counters.failures("b", "a", "b") == [bob, ada, bob]

    def test_who_did_not_see_the_last_attempt_gets_what_there_is(self, stores: Stores) -> None:
        self._counted(stores, "account#ada", 1)
        assert stores.counters.count("account#ada", Failures(), NOW + 9) == Failures(1, NOW)
        assert stores.counters.failures("account#ada") == [Failures(1, NOW)]

    def test_who_saw_what_was_forgotten_gets_what_there_is(self, stores: Stores) -> None:
        seen = self._counted(stores, "account#ada", 1)
        stores.counters.settle("account#ada", PAIR, NOW)
        assert stores.counters.count("account#ada", seen, NOW + 9) == Failures()

    def test_old_failures_are_not_added_to(self, stores: Stores) -> None:
        seen = self._counted(stores, "account#ada", 4)
        later = NOW + 3 + FORGOTTEN
        assert stores.counters.count("account#ada", seen, later) is None
        assert stores.counters.failures("account#ada") == [Failures(1, later)]

    @pytest.mark.parametrize("before", [0, 1])
    def test_of_parallel_counts_of_what_all_saw_exactly_one_is_made(
        self, stores: Stores, before: int
    ) -> None:
        seen = self._counted(stores, "account#ada", before)
        answers = at_once(
            range(20), lambda number: stores.counters.count("account#ada", seen, NOW + 50 + number)
        )
        [stored] = stores.counters.failures("account#ada")
        assert stored.count == before + 1
        assert answers.count(None) == 1
        assert answers.count(stored) == 19

    def test_of_parallel_counts_none_is_lost(self, stores: Stores) -> None:
        """As a sign-in does it: again, until nobody was faster."""

        def count(_: object) -> None:
            [seen] = stores.counters.failures("account#ada")
            while other := stores.counters.count("account#ada", seen, NOW):
                seen = other

        at_once(range(8), count)
        assert stores.counters.failures("account#ada") == [Failures(8, NOW)]

    def test_success_forgets_what_was_counted_and_trusts_the_pair(self, stores: Stores) -> None:
        self._counted(stores, "account#ada", 4)
        stores.counters.settle("account#ada", PAIR, NOW)
        [account, pair] = stores.counters.failures("account#ada", PAIR)
        assert (account, pair) == (Failures(), Failures(trusted_until=NOW + TRUSTED))

    def test_a_trusted_pair_stays_so_while_it_fails_and_starts_anew_when_it_succeeds(
        self, stores: Stores
    ) -> None:
        stores.counters.settle("account#ada", PAIR, NOW)
        [trusted] = stores.counters.failures(PAIR)
        assert stores.counters.count(PAIR, trusted, NOW + 1) is None
        failed = Failures(1, NOW + 1, NOW + TRUSTED)
        assert stores.counters.failures(PAIR) == [failed]
        stores.counters.settle(PAIR, PAIR, NOW + 2)
        assert stores.counters.failures(PAIR) == [Failures(trusted_until=NOW + 2 + TRUSTED)]
        assert stores.counters.count(PAIR, trusted, NOW + 3)

    def test_a_budget_is_spent_one_by_one(self, stores: Stores) -> None:
        assert stores.counters.spent(BUDGET, "ip", NOW) == 0
        assert [stores.counters.spend(BUDGET, "ip", NOW) for _ in range(3)] == [1, 2, 3]
        assert stores.counters.spent(BUDGET, "ip", NOW) == 3

    def test_what_was_spent_can_be_given_back(self, stores: Stores) -> None:
        stores.counters.spend(BUDGET, "ip", NOW)
        assert stores.counters.spend(BUDGET, "ip", NOW, -1) == 0

    def test_each_name_window_and_spender_has_a_budget_of_its_own(self, stores: Stores) -> None:
        stores.counters.spend(BUDGET, "ip", NOW)
        assert stores.counters.spent(BUDGET, "other", NOW) == 0
        assert stores.counters.spent(Budget("forgot", 20, 3600), "ip", NOW) == 0
        assert stores.counters.spent(BUDGET, "ip", BUDGET.ends(NOW) - 1) == 1
        assert stores.counters.spend(BUDGET, "ip", BUDGET.ends(NOW)) == 1

    def test_of_parallel_spending_each_gets_a_number_of_its_own(self, stores: Stores) -> None:
        spent = at_once(range(20), lambda _: stores.counters.spend(BUDGET, "ip", NOW))
        assert sorted(spent) == list(range(1, 21))

    def _counted(self, stores: Stores, key: str, times: int) -> Failures:
        for number in range(times):
            [seen] = stores.counters.failures(key)
            assert stores.counters.count(key, seen, NOW + number) is None
        return stores.counters.failures(key)[0]

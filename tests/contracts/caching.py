"""What a worker does to the entry that its job leads; on `stores` alone."""

from dataclasses import replace

from chalicelib.domain.caching import Entry, Waiter
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job
from tests.contracts.stores import Stores
from tests.samples import DAY, NOW, a_job, a_success, a_user

SECOND = NOW // 1000
KEY = "5f2a"
OUTPUT = '{"temperature":8.560720654765046,"words":["naïve 🙂"]}'


def a_leader() -> Job:
    return a_job(cache_key=KEY)


def a_waiter(deadline: int | None = None) -> Waiter:
    return Waiter(uuid7(NOW), a_user().id, NOW + 5, deadline)


def pending(leader: Job, *waiters: Waiter) -> Entry:
    return Entry(leader.id, waiters, lifetime=3600, until=SECOND + 60)


class CacheEntriesContract:
    def test_a_result_is_kept_for_its_lifetime_and_handed_to_all_in_order(
        self, stores: Stores
    ) -> None:
        leader, waiters = a_leader(), [a_waiter(), a_waiter(NOW + DAY), a_waiter()]
        entry = pending(leader, *waiters)
        stores.put_entry(KEY, entry)
        outcome = a_success(leader.id, OUTPUT, version="1.2.0", completed_at=NOW + 2999)
        assert list(stores.entries.settle(leader, outcome)) == waiters
        done = replace(entry, output=OUTPUT, version="1.2.0", until=SECOND + 2 + 3600)
        assert stores.entry(KEY) == done
        assert done.is_done

    def test_who_settles_again_is_told_of_the_same(self, stores: Stores) -> None:
        leader, waiter = a_leader(), a_waiter()
        stores.put_entry(KEY, pending(leader, waiter))
        stores.entries.settle(leader, a_success(leader.id))
        assert list(stores.entries.settle(leader, a_success(leader.id))) == [waiter]

    def test_nobody_may_join_what_was_released_and_all_who_had_are_told(
        self, stores: Stores
    ) -> None:
        leader, waiters = a_leader(), [a_waiter(), a_waiter()]
        stores.put_entry(KEY, pending(leader, *waiters))
        told = [list(stores.entries.release(leader)) for _ in range(2)]
        found = stores.entry(KEY)
        assert told == [waiters, waiters]
        assert found
        assert (found.until < SECOND, found.is_done) == (True, False)

    def test_a_result_outlasts_a_release_by_a_duplicate_of_its_leader(self, stores: Stores) -> None:
        leader, waiter = a_leader(), a_waiter()
        stores.put_entry(KEY, pending(leader, waiter))
        stores.entries.settle(leader, a_success(leader.id))
        done = stores.entry(KEY)
        assert list(stores.entries.release(leader)) == [waiter]
        assert stores.entry(KEY) == done

    def test_a_result_may_come_after_a_release(self, stores: Stores) -> None:
        leader, waiter = a_leader(), a_waiter()
        stores.put_entry(KEY, pending(leader, waiter))
        stores.entries.release(leader)
        assert list(stores.entries.settle(leader, a_success(leader.id))) == [waiter]
        found = stores.entry(KEY)
        assert found
        assert found.is_done

    def test_anothers_entry_stays_as_it_is(self, stores: Stores) -> None:
        for entry in (pending(a_leader(), a_waiter()), self._done(a_leader(), a_waiter())):
            stores.put_entry(KEY, entry)
            other = a_leader()
            assert list(stores.entries.settle(other, a_success(other.id))) == []
            assert list(stores.entries.release(other)) == []
            assert stores.entry(KEY) == entry

    def test_without_an_entry_nobody_waits_and_none_is_made(self, stores: Stores) -> None:
        for leader in (a_leader(), a_job()):
            assert list(stores.entries.settle(leader, a_success(leader.id))) == []
            assert list(stores.entries.release(leader)) == []
        assert stores.entry(KEY) is None

    def _done(self, leader: Job, *waiters: Waiter) -> Entry:
        return replace(pending(leader, *waiters), output=OUTPUT, version="1.0.0")

"""What is kept beside a prediction that is accepted: a receipt, and its part in the cache."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access import Grant, Usage
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.caching import MOST_WAITERS, Entry, Join, Lead, Waiter
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import instant
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.errors import QuotaExceeded
from chalicelib.services.ports.predictions import EntryMoved, KeyUsed
from chalicelib.services.ports.reading import Wanted
from chalicelib.services.ports.results import Written
from tests.contracts.stores import Stores, at_once
from tests.samples import DAY, NOW, a_failure, a_grant, a_prediction, a_user

SECOND = NOW // 1000
KEY, OTHER = "5f2a", "6f2a"
OUTPUT = '{"temperature":8.560720654765046,"words":["naïve 🙂"]}'
WAITERS = (Waiter(uuid7(NOW), a_user().id, NOW, NOW + DAY), Waiter(uuid7(NOW), a_user().id, NOW))


def a_receipt(made: Prediction, **facts: Any) -> Receipt:
    return replace(Receipt(KEY, "a fingerprint", made.id, SECOND + 60), **facts)


def an_entry(leader: str = "", **facts: Any) -> Entry:
    return replace(Entry(leader or uuid7(NOW), (), 3600, SECOND + 60), **facts)


def receipt_in(stores: Stores, key: str = KEY) -> Receipt | None:
    """What a submit would find of the same request."""
    return stores.reader.read(Claims("nobody", "none", 1), Wanted(receipt=key)).receipt


def entry_in(stores: Stores, key: str = KEY) -> Entry | None:
    """What a submit would find of the same input."""
    return stores.reader.read(Claims("nobody", "none", 1), Wanted(entry=key)).entry


class SubmissionsContract:
    def test_a_receipt_is_kept_with_what_it_is_of(self, stores: Stores) -> None:
        grant, prediction = self._ordered()
        stores.predictions.accept(prediction, grant, receipt=a_receipt(prediction))
        assert receipt_in(stores) == a_receipt(prediction)
        assert receipt_in(stores, OTHER) is None
        assert stores.stored(prediction) == prediction

    def test_a_key_that_was_used_is_told_with_its_receipt_and_nothing_is_kept(
        self, stores: Stores
    ) -> None:
        grant, first = self._ordered()
        second = a_prediction(grant)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        with pytest.raises(KeyUsed) as used:
            stores.predictions.accept(second, grant, receipt=a_receipt(second, fingerprint="x"))
        assert used.value.receipt == receipt_in(stores) == a_receipt(first)
        self._was_not_accepted(stores, second, units=1)

    def test_it_is_told_too_where_nobody_had_asked_the_same(self, stores: Stores) -> None:
        grant, first = self._ordered()
        second = a_prediction(grant)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        part = Lead(OTHER, an_entry(second.id))
        with pytest.raises(KeyUsed):
            stores.predictions.accept(second, grant, receipt=a_receipt(second), part=part)
        assert entry_in(stores, OTHER) is None
        self._was_not_accepted(stores, second, units=1)

    def test_a_key_that_has_run_out_is_as_new(self, stores: Stores) -> None:
        grant, first = self._ordered()
        second = a_prediction(grant, NOW + 60_000)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        stores.predictions.accept(second, grant, receipt=a_receipt(second, until=SECOND + 120))
        assert receipt_in(stores) == a_receipt(second, until=SECOND + 120)

    def test_to_its_last_millisecond_a_key_is_used(self, stores: Stores) -> None:
        grant, first = self._ordered()
        second = a_prediction(grant, NOW + 59_999)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        with pytest.raises(KeyUsed):
            stores.predictions.accept(second, grant, receipt=a_receipt(second))

    def test_another_key_is_another_request(self, stores: Stores) -> None:
        grant, first = self._ordered()
        second = a_prediction(grant)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        stores.predictions.accept(second, grant, receipt=a_receipt(second, key=OTHER))
        assert receipt_in(stores, OTHER) == a_receipt(second, key=OTHER)

    def test_of_ten_at_once_with_one_key_one_is_accepted(self, stores: Stores) -> None:
        grant, _ = self._ordered()
        rivals = [a_prediction(grant) for _ in range(10)]

        def attempt(each: Prediction) -> str:
            try:
                stores.predictions.accept(each, grant, receipt=a_receipt(each))
            except KeyUsed as used:
                return used.receipt.made
            return each.id

        [made] = set(at_once(rivals, attempt))
        assert [each.id for each in rivals if stores.stored(each)] == [made]
        assert stores.used(grant.user_id, grant.model) == Usage(1, {23: 1})

    def test_the_first_to_ask_leaves_an_entry(self, stores: Stores) -> None:
        grant, prediction = self._ordered(cache_key=KEY, cache="miss")
        entry = an_entry(prediction.id)
        stores.predictions.accept(prediction, grant, part=Lead(KEY, entry))
        assert entry_in(stores) == entry
        assert stores.stored(prediction) == prediction

    @pytest.mark.parametrize(
        "there", [an_entry(), an_entry(waiters=WAITERS), an_entry(output=OUTPUT, version="1.0.0")]
    )
    def test_nobody_is_the_first_where_there_is_an_entry(
        self, stores: Stores, there: Entry
    ) -> None:
        stores.put_entry(KEY, there)
        grant, prediction = self._ordered()
        with pytest.raises(EntryMoved) as moved:
            stores.predictions.accept(prediction, grant, part=Lead(KEY, an_entry(prediction.id)))
        assert moved.value.entry == entry_in(stores) == there
        self._was_not_accepted(stores, prediction)

    @pytest.mark.parametrize(
        "there", [an_entry(waiters=WAITERS), an_entry(output=OUTPUT, version="1.0.0")]
    )
    def test_an_entry_past_its_time_gives_way_to_the_next(
        self, stores: Stores, there: Entry
    ) -> None:
        stores.put_entry(KEY, there)
        grant, prediction = self._ordered(NOW + 60_000)
        entry = an_entry(prediction.id, until=SECOND + 120)
        stores.predictions.accept(prediction, grant, part=Lead(KEY, entry))
        assert entry_in(stores) == entry

    def test_of_ten_at_once_one_is_the_first(self, stores: Stores) -> None:
        grant, _ = self._ordered()
        rivals = [a_prediction(grant) for _ in range(10)]

        def attempt(each: Prediction) -> str:
            try:
                stores.predictions.accept(each, grant, part=Lead(KEY, an_entry(each.id)))
            except EntryMoved as moved:
                return moved.entry.leader if moved.entry else ""
            return each.id

        [leader] = set(at_once(rivals, attempt))
        assert [each.id for each in rivals if stores.stored(each)] == [leader]
        assert stores.used(grant.user_id, grant.model).total == 1

    def test_who_joins_is_the_last_who_waits(self, stores: Stores) -> None:
        there = an_entry(waiters=WAITERS[:1])
        stores.put_entry(KEY, there)
        grant, prediction = self._ordered(NOW + 5, cache="collapsed", expires_at=NOW + 1000)
        stores.predictions.accept(prediction, grant, part=Join(KEY, there.leader))
        waiter = Waiter(prediction.id, grant.user_id, NOW + 5, NOW + 1000)
        assert entry_in(stores) == replace(there, waiters=(*WAITERS[:1], waiter))
        assert stores.stored(prediction) == prediction

    def test_who_joins_without_a_deadline_has_none(self, stores: Stores) -> None:
        there = an_entry()
        stores.put_entry(KEY, there)
        grant, prediction = self._ordered()
        stores.predictions.accept(prediction, grant, part=Join(KEY, there.leader))
        waiter = Waiter(prediction.id, grant.user_id, NOW, None)
        assert entry_in(stores) == replace(there, waiters=(waiter,))

    @pytest.mark.parametrize(
        ("changed", "later"),
        [
            ({"output": OUTPUT, "version": "1.0.0"}, 0),
            ({"leader": uuid7(NOW)}, 0),
            ({"waiters": WAITERS[:1] * MOST_WAITERS}, 0),
            ({"until": SECOND}, 0),
            ({}, 60_000),
        ],
    )
    def test_nobody_joins_what_has_ended_is_anothers_is_full_or_past_its_time(
        self, stores: Stores, changed: dict[str, Any], later: int
    ) -> None:
        joined = an_entry(waiters=WAITERS)
        there = replace(joined, **changed)
        stores.put_entry(KEY, there)
        grant, prediction = self._ordered(NOW + later)
        with pytest.raises(EntryMoved) as moved:
            stores.predictions.accept(prediction, grant, part=Join(KEY, joined.leader))
        assert moved.value.entry == entry_in(stores) == there
        self._was_not_accepted(stores, prediction)

    def test_nobody_joins_what_is_not_there(self, stores: Stores) -> None:
        grant, prediction = self._ordered()
        with pytest.raises(EntryMoved) as moved:
            stores.predictions.accept(prediction, grant, part=Join(KEY, uuid7(NOW)))
        assert moved.value.entry is entry_in(stores) is None
        self._was_not_accepted(stores, prediction)

    def test_of_forty_who_join_at_once_all_are_in_the_list(self, stores: Stores) -> None:
        there = an_entry()
        stores.put_entry(KEY, there)
        grant, _ = self._ordered()
        all_of_them = [a_prediction(grant) for _ in range(40)]
        part = Join(KEY, there.leader)
        at_once(all_of_them, lambda each: stores.predictions.accept(each, grant, part=part))
        found = entry_in(stores)
        assert found
        assert {each.id for each in found.waiters} == {each.id for each in all_of_them}
        assert len(found.waiters) == stores.used(grant.user_id, grant.model).total == 40

    def test_joining_stops_at_a_hundred(self, stores: Stores) -> None:
        there = an_entry(waiters=WAITERS[:1] * 95)
        stores.put_entry(KEY, there)
        grant, _ = self._ordered()
        rivals = [a_prediction(grant) for _ in range(10)]

        def attempt(each: Prediction) -> bool:
            try:
                stores.predictions.accept(each, grant, part=Join(KEY, there.leader))
            except EntryMoved as moved:
                return bool(moved.entry and moved.entry.is_full)
            return False

        assert sum(at_once(rivals, attempt)) == 5
        found = entry_in(stores)
        assert found
        assert len(found.waiters) == MOST_WAITERS == 100
        assert stores.used(grant.user_id, grant.model).total == 5

    def test_what_the_cache_answered_is_stored_as_ended_and_counts_as_a_success(
        self, stores: Stores
    ) -> None:
        grant, prediction = self._ordered(
            cache="hit",
            status=Status.SUCCEEDED,
            version="1.0.1",
            output={"temperature": 8.5, "n": [None, True]},
            completed_at=NOW,
        )
        stores.predictions.accept(prediction, grant)
        assert stores.stored(prediction) == prediction
        today = instant(NOW).date()
        [day] = stores.usage.days(grant.user_id, today, today)
        assert (day.accepted, day.succeeded, day.failed, day.predict_ms) == (1, 1, 0, 0)

    def test_what_has_yet_to_run_counts_as_accepted_alone(self, stores: Stores) -> None:
        grant, prediction = self._ordered()
        stores.predictions.accept(prediction, grant)
        today = instant(NOW).date()
        [day] = stores.usage.days(grant.user_id, today, today)
        assert (day.accepted, day.succeeded) == (1, 0)

    def test_what_the_cache_answered_can_be_neither_canceled_nor_run(self, stores: Stores) -> None:
        grant, prediction = self._ordered(status=Status.SUCCEEDED, output=1, completed_at=NOW)
        stores.predictions.accept(prediction, grant)
        assert stores.results.finish([a_failure(prediction.id)]) == [Written.LOST]
        assert stores.predictions.cancel(prediction, NOW + 5) == prediction

    def test_a_receipt_and_a_part_are_kept_together(self, stores: Stores) -> None:
        grant, prediction = self._ordered()
        entry = an_entry(prediction.id)
        receipt = a_receipt(prediction)
        stores.predictions.accept(prediction, grant, receipt=receipt, part=Lead(KEY, entry))
        assert (receipt_in(stores), entry_in(stores)) == (receipt, entry)

    @pytest.mark.parametrize("joins", [True, False])
    def test_a_used_key_is_told_before_the_quota_and_the_quota_before_the_entry(
        self, stores: Stores, joins: bool
    ) -> None:
        grant, first = self._ordered(daily=1)
        stores.predictions.accept(first, grant, receipt=a_receipt(first))
        there = an_entry(output=OUTPUT, version="1.0.0")
        stores.put_entry(KEY, there)
        second = a_prediction(grant)
        part = Join(KEY, there.leader) if joins else Lead(KEY, an_entry(second.id))
        with pytest.raises(KeyUsed):
            stores.predictions.accept(second, grant, receipt=a_receipt(second), part=part)
        unused = a_receipt(second, key=OTHER)
        for receipt in (unused, None):
            with pytest.raises(QuotaExceeded):
                stores.predictions.accept(second, grant, receipt=receipt, part=part)
        free = replace(grant, daily=2)
        for receipt in (unused, None):
            with pytest.raises(EntryMoved) as moved:
                stores.predictions.accept(second, free, receipt=receipt, part=part)
            assert moved.value.entry == there
        self._was_not_accepted(stores, second, units=1)
        assert receipt_in(stores, OTHER) is None
        assert entry_in(stores) == there

    def test_over_quota_no_entry_is_left(self, stores: Stores) -> None:
        grant, first = self._ordered(daily=1)
        stores.predictions.accept(first, grant)
        second = a_prediction(grant)
        lead = Lead(KEY, an_entry(second.id))
        with pytest.raises(QuotaExceeded):
            stores.predictions.accept(second, grant, receipt=a_receipt(second), part=lead)
        assert (receipt_in(stores), entry_in(stores)) == (None, None)

    def _ordered(
        self, at: int = NOW, *, daily: int | None = None, **facts: Any
    ) -> tuple[Grant, Prediction]:
        grant = a_grant(a_user(), daily=daily)
        return grant, a_prediction(grant, at, **facts)

    def _was_not_accepted(self, stores: Stores, prediction: Prediction, units: int = 0) -> None:
        assert stores.stored(prediction) is None
        assert stores.used(prediction.user_id, prediction.model).total == units

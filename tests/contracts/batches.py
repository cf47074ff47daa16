"""A batch is counted whole or not at all; its predictions are stored beside it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access import Grant, Usage
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.errors import QuotaExceeded
from chalicelib.services.ports.predictions import KeyUsed, Search
from chalicelib.services.ports.reading import Snapshot, Wanted
from tests.contracts.stores import Stores, in_parallel, walk
from tests.samples import DAY, NOW, a_failure, a_grant, a_prediction, a_success, a_user

KEY = "7f2a"
SECOND = NOW // 1000


def a_batch(grant: Grant, size: int, **facts: Any) -> Batch:
    id = uuid7(NOW)
    return replace(Batch(id, grant.user_id, grant.model, size, NOW, NOW + 30 * DAY), **facts)


def members(grant: Grant, batch: Batch) -> list[Prediction]:
    return [
        a_prediction(grant, id=member_id(batch.id, at), batch_id=batch.id, input={"n": at})
        for at in range(batch.size)
    ]


def found(stores: Stores, **wanted: Any) -> Snapshot:
    return stores.reader.read(Claims("nobody", "none", 1), Wanted(**wanted))


class BatchesContract:
    def test_it_is_found_as_it_is_with_its_receipt_and_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=200, monthly=200)
        batch = a_batch(grant, 97)
        receipt = Receipt(KEY, "a fingerprint", batch.id, SECOND + 60)
        stores.predictions.accept_batch(batch, grant, receipt=receipt)
        assert found(stores, batch=batch.id, receipt=KEY) == Snapshot(batch=batch, receipt=receipt)
        assert stores.used(grant.user_id, grant.model) == Usage(97, {23: 97})

    def test_it_is_no_prediction_and_in_no_list_of_them(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        batch = a_batch(grant, 2)
        stores.predictions.accept_batch(batch, grant)
        assert found(stores, prediction=batch.id) == Snapshot()
        assert found(stores, batch=uuid7(NOW)) == Snapshot()
        search = Search(grant.user_id, NOW)
        assert not stores.predictions.page(search, 10, None).items
        assert not stores.predictions.counts(batch.id)

    @pytest.mark.parametrize(
        ("limits", "violated"),
        [
            ({"daily": 5}, ("daily",)),
            ({"monthly": 5}, ("monthly",)),
            ({"daily": 5, "monthly": 5}, ("daily", "monthly")),
            ({"daily": 5, "monthly": 6}, ("daily",)),
        ],
    )
    def test_without_room_for_all_of_it_nothing_is_kept(
        self, stores: Stores, limits: dict[str, Any], violated: tuple[str, ...]
    ) -> None:
        grant = a_grant(a_user(), **limits)
        first, second = a_batch(grant, 2), a_batch(grant, 4)
        stores.predictions.accept_batch(first, grant)
        receipt = Receipt(KEY, "a fingerprint", second.id, SECOND + 60)
        with pytest.raises(QuotaExceeded) as refusal:
            stores.predictions.accept_batch(second, grant, receipt=receipt)
        assert refusal.value.violated == violated
        assert found(stores, batch=second.id, receipt=KEY) == Snapshot()
        assert stores.used(grant.user_id, grant.model) == Usage(2, {23: 2})

    def test_room_for_exactly_all_of_it_is_enough(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=5, monthly=5)
        stores.predictions.accept_batch(a_batch(grant, 2), grant)
        stores.predictions.accept_batch(a_batch(grant, 3), grant)
        assert stores.used(grant.user_id, grant.model) == Usage(5, {23: 5})

    def test_one_that_is_larger_than_a_limit_is_refused_once_something_was_counted(
        self, stores: Stores
    ) -> None:
        grant = a_grant(a_user(), daily=5)
        stores.predictions.accept(a_prediction(grant), grant)
        with pytest.raises(QuotaExceeded):
            stores.predictions.accept_batch(a_batch(grant, 6), grant)
        assert stores.used(grant.user_id, grant.model).total == 1

    def test_of_ten_at_once_as_many_are_accepted_as_there_is_room_for(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=35)
        rivals = [a_batch(grant, 10) for _ in range(10)]
        failures = in_parallel(rivals, lambda each: stores.predictions.accept_batch(each, grant))
        assert [type(failure) for failure in failures] == [QuotaExceeded] * 7
        assert stores.used(grant.user_id, grant.model).total == 30
        assert sum(found(stores, batch=each.id).batch is not None for each in rivals) == 3

    def test_a_key_that_was_used_is_told_before_the_quota_and_nothing_is_kept(
        self, stores: Stores
    ) -> None:
        grant = a_grant(a_user(), daily=5)
        first, second = a_batch(grant, 5), a_batch(grant, 5)
        receipt = Receipt(KEY, "a fingerprint", first.id, SECOND + 60)
        stores.predictions.accept_batch(first, grant, receipt=receipt)
        with pytest.raises(KeyUsed) as used:
            stores.predictions.accept_batch(
                second, grant, receipt=replace(receipt, made=second.id, fingerprint="another")
            )
        assert used.value.receipt == receipt
        assert found(stores, batch=second.id).batch is None
        assert stores.used(grant.user_id, grant.model).total == 5

    @pytest.mark.parametrize("size", [0, 1, 25, 60])
    def test_its_predictions_are_stored_as_they_are_and_counted_by_nobody(
        self, stores: Stores, size: int
    ) -> None:
        grant = a_grant(a_user())
        wanted = members(grant, a_batch(grant, size))
        assert list(stores.predictions.store(wanted)) == []
        assert [stores.stored(each) for each in wanted] == wanted
        assert stores.used(grant.user_id, grant.model) == Usage()

    def test_what_is_stored_can_be_run_and_canceled(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        batch = a_batch(grant, 4)
        stores.predictions.accept_batch(batch, grant)
        one, two, three, _ = wanted = members(grant, batch)
        stores.predictions.store(wanted)
        stores.results.finish([a_success(one.id), a_failure(two.id)])
        stores.predictions.cancel(three, NOW + 5)
        assert stores.predictions.counts(batch.id) == {
            Status.SUCCEEDED: 1,
            Status.FAILED: 1,
            Status.CANCELED: 1,
            Status.QUEUED: 1,
        }
        assert stores.used(grant.user_id, grant.model) == Usage(3, {23: 3})

    def test_those_of_another_batch_are_not_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        batch, other = a_batch(grant, 3), a_batch(grant, 2)
        stores.predictions.store([*members(grant, batch), *members(grant, other)])
        stores.predictions.accept(a_prediction(grant), grant)
        assert stores.predictions.counts(batch.id) == {Status.QUEUED: 3}

    @pytest.mark.parametrize("limit", [1, 2, 7, 100])
    def test_a_walk_over_the_pages_meets_them_in_the_order_of_the_inputs(
        self, stores: Stores, limit: int
    ) -> None:
        grant = a_grant(a_user())
        batch, other = a_batch(grant, 7), a_batch(grant, 3)
        wanted = members(grant, batch)
        stores.predictions.store([*reversed(wanted), *members(grant, other)])
        search = Search(grant.user_id, NOW, batch_id=batch.id, oldest_first=True)
        pages = walk(lambda after: stores.predictions.page(search, limit, after))
        shown = [replace(each, input=None) for each in wanted]
        assert [each for page in pages for each in page] == shown
        assert all(len(page) <= limit for page in pages)

    @pytest.mark.parametrize("asked", [{}, {"model": "temperature"}])
    def test_the_oldest_may_come_first_in_any_list(
        self, stores: Stores, asked: dict[str, Any]
    ) -> None:
        grant = a_grant(a_user())
        accepted = [a_prediction(grant, NOW + at) for at in range(5)]
        for each in accepted:
            stores.predictions.accept(each, grant)
        search = Search(grant.user_id, NOW + 9, oldest_first=True, **asked)
        pages = walk(lambda after: stores.predictions.page(search, 2, after))
        shown = [replace(each, input=None) for each in accepted]
        assert [each for page in pages for each in page] == shown

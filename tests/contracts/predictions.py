"""Predictions are stored and counted, both or neither."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.access import Usage
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import epoch_ms
from chalicelib.errors import QuotaExceeded
from tests.contracts.stores import Stores, in_parallel
from tests.samples import DAY, NOW, a_grant, a_prediction, a_user


class PredictionsContract:
    """A limit of 0 is refused by the caller: no condition compares a counter that is not there."""

    def test_an_accepted_prediction_is_stored_as_it_is_and_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=5, monthly=5)
        prediction = a_prediction(
            grant,
            input={"text": "naïve 🙂 \x00", "numbers": [1, -0.5, 1e300, 10**40, None, True]},
            metadata={"order": {"id": 7}, "": ""},
            expires_at=NOW + 1000,
            batch_id=uuid7(NOW),
            retry_of=uuid7(NOW),
            cache="miss",
            charged=False,
        )
        stores.predictions.accept(prediction, grant)
        assert stores.stored(prediction) == prediction
        assert stores.used(grant.user_id, grant.model) == Usage(1, {23: 1})

    @pytest.mark.parametrize(
        ("limits", "violated"),
        [
            ({"daily": 2}, ("daily",)),
            ({"monthly": 2}, ("monthly",)),
            ({"daily": 2, "monthly": 2}, ("daily", "monthly")),
            ({"daily": 2, "monthly": 3}, ("daily",)),
        ],
    )
    def test_at_a_limit_nothing_more_is_stored_or_counted(
        self, stores: Stores, limits: dict[str, Any], violated: tuple[str, ...]
    ) -> None:
        grant = a_grant(a_user(), **limits)
        accepted, refused = [a_prediction(grant) for _ in range(2)], a_prediction(grant)
        for prediction in accepted:
            stores.predictions.accept(prediction, grant)
        with pytest.raises(QuotaExceeded) as refusal:
            stores.predictions.accept(refused, grant)
        assert refusal.value.violated == violated
        assert stores.stored(refused) is None
        assert stores.used(grant.user_id, grant.model) == Usage(2, {23: 2})

    def test_without_limits_everything_is_accepted_and_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        for _ in range(3):
            stores.predictions.accept(a_prediction(grant), grant)
        assert stores.used(grant.user_id, grant.model).total == 3

    def test_a_limit_of_zero_is_the_callers_to_refuse(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=0)
        stores.predictions.accept(a_prediction(grant), grant)
        with pytest.raises(QuotaExceeded):
            stores.predictions.accept(a_prediction(grant), grant)

    def test_a_new_day_has_room_again_within_the_month(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=1, monthly=2)
        stores.predictions.accept(a_prediction(grant, NOW), grant)
        stores.predictions.accept(a_prediction(grant, NOW + DAY), grant)
        assert stores.used(grant.user_id, grant.model) == Usage(2, {23: 1, 24: 1})
        with pytest.raises(QuotaExceeded) as refusal:
            stores.predictions.accept(a_prediction(grant, NOW + 2 * DAY), grant)
        assert refusal.value.violated == ("monthly",)

    def test_a_new_month_has_room_again(self, stores: Stores) -> None:
        last = epoch_ms(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
        grant = a_grant(a_user(), daily=1, monthly=1)
        stores.predictions.accept(a_prediction(grant, last), grant)
        stores.predictions.accept(a_prediction(grant, last + 1000), grant)
        assert stores.used(grant.user_id, grant.model, "2026-12") == Usage(1, {1: 1})

    def test_each_user_and_model_has_a_counter_of_its_own(self, stores: Stores) -> None:
        user = a_user()
        grants = [a_grant(user, daily=1), a_grant(user, "sentiment", daily=1)]
        for grant in [*grants, a_grant(a_user(), daily=1)]:
            stores.predictions.accept(a_prediction(grant), grant)
        assert stores.used(grants[0].user_id, grants[0].model).total == 1

    @pytest.mark.parametrize("limit", ["daily", "monthly"])
    def test_of_forty_at_once_on_a_limit_of_ten_exactly_ten_are_accepted(
        self, stores: Stores, limit: str
    ) -> None:
        limits: dict[str, Any] = {limit: 10}
        grant = a_grant(a_user(), **limits)
        rivals = [a_prediction(grant) for _ in range(40)]
        failures = in_parallel(rivals, lambda each: stores.predictions.accept(each, grant))
        assert [type(failure) for failure in failures] == [QuotaExceeded] * 30
        assert stores.used(grant.user_id, grant.model).total == 10
        assert sum(stores.stored(each) is not None for each in rivals) == 10

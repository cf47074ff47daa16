"""Grants."""

from dataclasses import replace

from chalicelib.domain.access import Grant
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.services.ports.reading import Wanted
from tests.contracts.stores import Stores
from tests.samples import DAY, NOW, a_grant, a_prediction, a_session, a_user


class AccessContract:
    def test_a_grant_that_is_put_again_is_changed(self, stores: Stores) -> None:
        first = a_grant(a_user(), daily=1, monthly=2, retention_days=3, expires_at=NOW)
        second = replace(first, daily=None, monthly=None, expires_at=None)
        stores.access.put_grant(first)
        assert self._granted(stores, first) == first
        stores.access.put_grant(second)
        assert self._granted(stores, second) == second

    def test_a_grant_ends_once(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        stores.access.put_grant(grant)
        assert stores.access.end_grant(grant.user_id, grant.model)
        assert not stores.access.end_grant(grant.user_id, grant.model)
        assert self._granted(stores, grant) is None

    def test_the_grants_of_a_user_are_listed_by_model(self, stores: Stores) -> None:
        user, other = a_user(), a_user()
        mine = [a_grant(user, model) for model in ("temperature", "language", "sentiment")]
        for grant in (*mine, a_grant(other)):
            stores.access.put_grant(grant)
        stores.sessions.start(a_session(user))
        assert list(stores.access.grants(user.id)) == [mine[1], mine[2], mine[0]]
        assert list(stores.access.grants(a_user().id)) == []

    def test_what_was_accepted_is_told_over_all_months_with_its_last_time(
        self, stores: Stores
    ) -> None:
        user = a_user()
        grant, other = a_grant(user), a_grant(user, "sentiment")
        for prediction in (
            a_prediction(grant, NOW - 40 * DAY),
            a_prediction(grant, NOW),
        ):
            stores.predictions.accept(prediction, grant)
        stores.predictions.accept(a_prediction(other, NOW + 1), other)
        assert stores.access.accepted(user.id, "temperature") == (2, NOW)

    def test_who_never_asked_has_nothing_accepted(self, stores: Stores) -> None:
        assert stores.access.accepted(a_user().id, "temperature") == (0, None)

    def _granted(self, stores: Stores, grant: Grant) -> Grant | None:
        wanted = Wanted(models=(grant.model,), month="2026-11")
        return stores.reader.read(Claims(grant.user_id, "s", 1), wanted).grants.get(grant.model)

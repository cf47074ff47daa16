"""What became of predictions, by user, model and day."""

from datetime import date

from chalicelib.domain.usage import DayOfUse, Tally
from tests.contracts.stores import Stores
from tests.samples import DAY, NOW, a_grant, a_prediction, a_user

TODAY = date(2026, 11, 23)
EVER = (date.min, date.max)


class UsageBookContract:
    def test_of_who_did_nothing_there_is_nothing(self, stores: Stores) -> None:
        assert list(stores.usage.days(a_user().id, *EVER)) == []

    def test_what_was_accepted_stands_beside_what_became_of_it(self, stores: Stores) -> None:
        user = a_user()
        for _ in range(3):
            stores.predictions.accept(a_prediction(a_grant(user)), a_grant(user))
        stores.usage.note(Tally(user.id, "temperature", 2, 1, 40), NOW)
        day = DayOfUse(TODAY, "temperature", 3, 2, 1, 40)
        assert list(stores.usage.days(user.id, TODAY, TODAY)) == [day]

    def test_notes_of_a_day_add_up(self, stores: Stores) -> None:
        user = a_user()
        for tally in ((1, 0, 5), (0, 2, 0), (3, 1, 7)):
            stores.usage.note(Tally(user.id, "temperature", *tally), NOW)
        day = DayOfUse(TODAY, "temperature", 0, 4, 3, 12)
        assert list(stores.usage.days(user.id, *EVER)) == [day]

    def test_notes_are_no_part_of_the_quota(self, stores: Stores) -> None:
        user = a_user()
        stores.usage.note(Tally(user.id, "temperature", 5, 5, 5), NOW)
        used = stores.used(user.id, "temperature")
        assert (used.total, dict(used.days)) == (0, {})
        assert stores.access.accepted(user.id, "temperature") == (0, None)

    def test_days_come_in_order_and_each_with_its_models(self, stores: Stores) -> None:
        user = a_user()
        for model in ("temperature", "sentiment"):
            for days in (0, 3, 23, 60):
                stores.usage.note(Tally(user.id, model, 1, 0, 0), NOW - days * DAY)
        found = [(str(day.date), day.model) for day in stores.usage.days(user.id, *EVER)]
        dates = ("2026-09-24", "2026-10-31", "2026-11-20", "2026-11-23")
        assert found == [(day, model) for day in dates for model in ("sentiment", "temperature")]

    def test_days_outside_are_left_out(self, stores: Stores) -> None:
        user = a_user()
        for days in range(60):
            stores.usage.note(Tally(user.id, "temperature", 1, 0, 0), NOW - days * DAY)
        found = stores.usage.days(user.id, date(2026, 10, 30), date(2026, 11, 2))
        assert [day.date.day for day in found] == [30, 31, 1, 2]

    def test_anothers_days_are_left_out(self, stores: Stores) -> None:
        user, other = a_user(), a_user()
        stores.usage.note(Tally(other.id, "temperature", 1, 0, 0), NOW)
        assert list(stores.usage.days(user.id, *EVER)) == []

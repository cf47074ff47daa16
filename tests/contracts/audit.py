"""The audit trail."""

import pytest

from chalicelib.domain.accounts.audit import Entry, Event, Outcome
from chalicelib.services.ports.audit import Search
from tests.contracts.stores import Stores, walk
from tests.samples import NOW, an_entry

ADA, BOB = "user ada", "user bob"
ENTRIES = [
    an_entry(Event.SIGN_IN, NOW, actor=ADA, target=ADA),
    an_entry(Event.SIGN_IN, NOW + 1000, actor="", target=ADA, outcome=Outcome.FAILED),
    an_entry(Event.SIGN_OUT, NOW + 1000, actor=ADA, target=ADA),
    an_entry(Event.ACTIVE_CHANGED, NOW + 3000, actor=BOB, target=ADA),
    an_entry(Event.DENIED, NOW + 4000, actor=ADA, target=""),
    an_entry(Event.SIGN_IN, NOW + 5000, actor=BOB, target=BOB, source_ip="", request_id=""),
    an_entry(Event.SIGN_IN, NOW + 6000, actor="", target="", outcome=Outcome.THROTTLED),
]


class AuditTrailContract:
    def test_an_entry_is_kept_as_it_is(self, stores: Stores) -> None:
        entry = an_entry(Event.SIGN_IN, outcome=Outcome.THROTTLED)
        stores.trail.append(entry)
        assert list(stores.trail.page(Search(), 5, None).items) == [entry]

    def test_an_entry_that_comes_twice_is_kept_once_and_as_it_came_first(
        self, stores: Stores
    ) -> None:
        entry = an_entry()
        stores.trail.append(entry)
        stores.trail.append(an_entry(id=entry.id, actor="somebody else"))
        assert list(stores.trail.page(Search(), 5, None).items) == [entry]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
    @pytest.mark.parametrize(
        "search",
        [
            Search(),
            Search(actor=ADA),
            Search(target=ADA),
            Search(event=Event.SIGN_IN),
            Search(since=NOW + 1000),
            Search(since=NOW + 1001),
            Search(since=0),
            Search(since=NOW + 9000),
            Search(actor=ADA, target=ADA),
            Search(actor=BOB, target=ADA, event=Event.ACTIVE_CHANGED),
            Search(actor=ADA, event=Event.SIGN_OUT, since=NOW),
            Search(target=ADA, event=Event.SIGN_IN, since=NOW + 1),
            Search(event=Event.REGISTERED),
            Search(actor="user ad"),
        ],
    )
    def test_a_walk_over_the_pages_meets_what_fits_once_and_the_newest_first(
        self, stores: Stores, search: Search, limit: int
    ) -> None:
        for entry in ENTRIES:
            stores.trail.append(entry)
        pages = walk(lambda after: stores.trail.page(search, limit, after))
        newest_first = sorted(ENTRIES, key=lambda entry: entry.id, reverse=True)
        fitting = [entry for entry in newest_first if _fits(entry, search)]
        assert [entry for page in pages for entry in page] == fitting
        assert len(pages) == max(1, -(-len(fitting) // limit))


def _fits(entry: Entry, search: Search) -> bool:
    asked = {"actor": search.actor, "target": search.target, "event": search.event}
    same = all(value in (None, getattr(entry, name)) for name, value in asked.items())
    return same and entry.at >= (search.since or 0)

import json
from io import StringIO

import pytest

from chalicelib.domain.accounts.audit import Entry, Event, Outcome
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.ids import instant_of
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.ports.audit import Search
from tests.samples import an_entry
from tests.unit.services.accounts import HERE
from tests.world import World


@pytest.fixture
def auditing(world: World) -> Auditing:
    return Auditing(world.trail, world.clock)


def test_an_event_is_kept_with_who_did_it_to_whom_from_where_and_when(
    world: World, auditing: Auditing
) -> None:
    auditing.record(Event.DENIED, HERE.by("ada"), "route", Outcome.FAILED)
    [entry] = world.trail.entries
    assert entry == Entry(
        entry.id,
        world.clock(),
        Event.DENIED,
        "ada",
        "route",
        HERE.source_ip,
        HERE.request_id,
        Outcome.FAILED,
    )
    assert instant_of(entry.id) == world.clock()


def test_an_event_is_one_log_line_with_the_same_facts(
    world: World, auditing: Auditing, log: StringIO
) -> None:
    auditing.record(Event.SIGN_OUT, HERE.by("ada"), "ada")
    [line] = map(json.loads, log.getvalue().splitlines())
    [entry] = world.trail.entries
    by_itself = {"at", "request_id"}
    facts = {name: value for name, value in vars(entry).items() if name not in by_itself}
    assert {name: line[name] for name in facts} == facts
    assert line["message"] == "audit"


def test_what_is_not_known_is_not_logged(auditing: Auditing, log: StringIO) -> None:
    auditing.record(Event.SIGN_IN, Origin(), outcome=Outcome.FAILED)
    [line] = map(json.loads, log.getvalue().splitlines())
    assert not {"actor", "target", "source_ip"} & line.keys()


def test_what_a_browser_says_of_itself_is_not_kept(
    world: World, auditing: Auditing, log: StringIO
) -> None:
    auditing.record(Event.SIGN_IN, Origin(user_agent="a browser"))
    assert "a browser" not in f"{world.trail.entries}{log.getvalue()}"


def test_what_was_done_stays_done_when_it_cannot_be_kept(
    world: World, auditing: Auditing, log: StringIO
) -> None:
    world.memory.is_down = True
    auditing.record(Event.SIGN_OUT, HERE, "ada")
    event, failure = map(json.loads, log.getvalue().splitlines())
    assert (failure["level"], failure["message"]) == ("ERROR", "not in the audit trail")
    assert failure["entry"] == event["id"]


def test_entries_that_fit_are_found_newest_first_a_page_at_a_time(
    world: World, auditing: Auditing
) -> None:
    entries = [an_entry(Event.SIGN_OUT, at=at, actor="ada") for at in range(3)]
    for entry in (*entries, an_entry(actor="bob")):
        world.trail.append(entry)
    search = Search(actor="ada")
    first = auditing.page(search, 2, None)
    assert list(first.items) == [entries[2], entries[1]]
    assert list(auditing.page(search, 2, first.next).items) == [entries[0]]

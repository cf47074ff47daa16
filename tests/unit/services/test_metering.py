from datetime import date
from io import StringIO

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.predictions import Status
from chalicelib.domain.usage import DayOfUse, Ended, Tally
from chalicelib.errors import Invalid
from chalicelib.services.metering import Metering
from tests.samples import DAY, NOW
from tests.world import World

TODAY = date(2026, 11, 23)


def ended(user: str, model: str = "double", status: Status = Status.SUCCEEDED) -> Ended:
    return Ended(user, model, status, share_ms=2.5)


@pytest.fixture
def metering(use: Services) -> Metering:
    return use.metering


def test_what_ended_together_is_one_note_a_user_and_model(world: World, metering: Metering) -> None:
    metering.note(
        [ended("ada"), ended("bob"), ended("ada", status=Status.FAILED), ended("ada", "broken")]
    )
    assert world.usage.noted == [
        Tally("ada", "double", 1, 1, 5),
        Tally("bob", "double", 1, 0, 2),
        Tally("ada", "broken", 1, 0, 2),
    ]


def test_what_a_table_that_is_down_does_not_take_is_lost_and_nothing_fails(
    world: World, metering: Metering, log: StringIO
) -> None:
    world.memory.is_down = True
    metering.note([ended("ada"), ended("bob")])
    assert log.getvalue().count("usage not noted") == 1
    assert world.usage.noted == []


def test_a_report_tells_the_last_thirty_days(world: World, metering: Metering) -> None:
    for days in range(40):
        world.clock.now = NOW - days * DAY
        metering.note([ended("ada")])
    world.clock.now = NOW
    found = metering.report("ada", None, None)
    assert (len(found), found[0].date, found[-1].date) == (30, date(2026, 10, 25), TODAY)


def test_a_report_tells_the_days_that_were_asked_for(world: World, metering: Metering) -> None:
    metering.note([ended("ada")])
    assert list(metering.report("ada", TODAY, TODAY)) == [DayOfUse(TODAY, "double", 0, 1, 0, 2)]
    assert list(metering.report("ada", None, date(2026, 11, 22))) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 24), TODAY),
        (date(2026, 8, 23), TODAY),
        (date(2026, 8, 23), None),
        (date(2026, 11, 24), None),
        (date.min, date.max),
    ],
)
def test_too_many_days_or_none_at_all_are_refused(
    metering: Metering, first: date, last: date | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        metering.report("ada", first, last)
    assert refusal.value.facts["errors"][0]["pointer"] == "/from"  # type: ignore[index]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 8, 24), TODAY),
        (date(2026, 8, 24), None),
        (TODAY, None),
        (None, date.min),
        (None, date.max),
        (date.max, date.max),
    ],
)
def test_up_to_ninety_two_days_are_reported(
    metering: Metering, first: date | None, last: date | None
) -> None:
    assert list(metering.report("ada", first, last)) == []

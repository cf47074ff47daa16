"""`RateLimit-Policy` and `RateLimit`."""

from typing import Any

import pytest

from chalicelib.api.limits import left_to, told_by
from chalicelib.domain.access import Usage, require_room
from chalicelib.errors import QuotaExceeded
from tests.samples import NOW
from tests.unit.services.models import CATALOGUE
from tests.world import World

POLICY = '"daily";q=1000;w=86400, "monthly";q=30000;w=2592000'


def left(used: Usage, **limits: Any) -> dict[str, str]:
    """What is told after one more was accepted."""
    world = World(CATALOGUE)
    ada = world.somebody()
    world.grant(ada, "double", **limits)
    world.memory.usage[ada.user.id, "2026-11", "double"] = used
    return dict(left_to(world.services().admitting.admit(ada.claims, "double")))


@pytest.mark.parametrize(
    ("used", "told"),
    [
        (Usage(), '"daily";r=999'),
        (Usage(2, {23: 2}), '"daily";r=997'),
        (Usage(29_998, {23: 1}), '"monthly";r=1'),
        (Usage(29_999, {23: 999}), '"daily";r=0'),
        (Usage(40_000, {23: 40_000}), '"daily";r=0'),
    ],
)
def test_the_limit_that_ends_first_is_told(used: Usage, told: str) -> None:
    assert left(used, daily=1000, monthly=30_000) == {"RateLimit-Policy": POLICY, "RateLimit": told}


def test_what_has_no_limit_is_left_out() -> None:
    assert left(Usage(), monthly=5) == {
        "RateLimit-Policy": '"monthly";q=5;w=2592000',
        "RateLimit": '"monthly";r=4',
    }
    assert left(Usage()) == {}


@pytest.mark.parametrize(
    ("used", "told"),
    [
        (Usage(1, {23: 1}), '"daily";r=0;t=43200'),
        (Usage(2, {23: 0}), '"monthly";r=0;t=648000'),
        (Usage(2, {23: 2}), '"daily";r=0;t=43200, "monthly";r=0;t=648000'),
    ],
)
def test_a_refusal_tells_what_is_used_up_and_until_when(used: Usage, told: str) -> None:
    world = World(CATALOGUE)
    grant = world.grant(world.somebody(), "double", daily=1, monthly=2)
    with pytest.raises(QuotaExceeded) as refusal:
        require_room(grant, used, NOW)
    assert told_by(refusal.value) == {
        "RateLimit-Policy": '"daily";q=1;w=86400, "monthly";q=2;w=2592000',
        "RateLimit": told,
    }
    longest = max(int(each.partition("t=")[2]) for each in told.split(", "))
    assert refusal.value.retry_after == longest

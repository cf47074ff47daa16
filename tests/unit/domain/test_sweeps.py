"""When what has not ended is looked after again."""

import pytest

from chalicelib.domain.ids import uuid7
from chalicelib.domain.sweeps import LONGEST, next_look
from tests.samples import DAY, NOW

FIRST = 360_000


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (0, FIRST),
        (FIRST, FIRST),
        (FIRST + 1, FIRST + 1),
        (8 * FIRST, 8 * FIRST),
        (LONGEST + 1, LONGEST),
        (30 * DAY, LONGEST),
    ],
)
def test_it_waits_as_long_again_as_it_has_waited_and_an_hour_at_most(age: int, pause: int) -> None:
    now = NOW + age
    assert next_look(uuid7(NOW), now, FIRST) == now + pause


def test_an_id_of_the_future_is_looked_after_all_the_same() -> None:
    assert next_look(uuid7(NOW + 2000), NOW, FIRST) == NOW + FIRST

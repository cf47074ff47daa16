"""What logins take from predictions, held against their part of the CPU."""

import pytest

from infra.bench.beside import Phase, judged

ALONE = Phase(submits=1000, logins=0, seconds=10, cpu=20)


@pytest.mark.parametrize(("seconds", "fair"), [(12.5, 100), (25, 50), (10, 125)])
def test_what_is_left_is_held_against_what_the_logins_leave(seconds: float, fair: float) -> None:
    both = Phase(submits=1000, logins=100, seconds=seconds, cpu=25)

    found = judged(ALONE, both, cost=0.05)

    assert found["beside.share"] == pytest.approx(20)
    assert found["beside.fair"] == pytest.approx(fair)


def test_rates_are_a_second() -> None:
    found = judged(ALONE, Phase(submits=1000, logins=100, seconds=20, cpu=25), cost=0.05)

    rates = [found[f"beside.{name}"] for name in ("alone", "accepted", "logins")]
    assert rates == [100, 50, 5]


def test_phases_add_up() -> None:
    assert Phase(2000, 0, 20, 40) == ALONE + ALONE

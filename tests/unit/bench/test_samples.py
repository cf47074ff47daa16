"""Percentiles are samples that were really measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.bench.samples import percentile

SAMPLES = st.lists(st.floats(0, 1e6), min_size=1)


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 5), (95, 10), (90, 9), (100, 10), (0, 1), (10, 1)]
)
def test_the_percentile_of_ten_samples_is_one_of_them(percent: int, value: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == value


@given(SAMPLES, st.integers(0, 100))
def test_at_least_that_part_of_all_samples_do_not_exceed_it(
    samples: list[float], percent: int
) -> None:
    found = percentile(samples, percent)

    assert sum(each <= found for each in samples) * 100 >= percent * len(samples)


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="of nothing"):
        percentile([], 50)

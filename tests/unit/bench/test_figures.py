"""The table of figures and their targets."""

from collections import Counter

import pytest

from infra.bench.figures import FIGURES, Figure, Target


@pytest.mark.parametrize(
    ("target", "good", "bad"), [(Target(3), 3, 3.1), (Target(140, at_least=True), 140, 139.9)]
)
def test_a_target_is_met_up_to_its_value(target: Target, good: float, bad: float) -> None:
    assert (target.is_met(good), target.is_met(bad)) == (True, False)


def test_a_value_is_shown_with_its_digits_and_its_unit() -> None:
    assert Figure("drain", "Drain", "/s", 1).shown(1793.26) == "1,793.3 /s"


def test_each_figure_has_a_key_of_its_own() -> None:
    keys = Counter(figure.key for figure in FIGURES)

    assert keys.most_common(1)[0][1] == 1


def test_only_counts_and_sizes_bind() -> None:
    kinds = {figure.key.partition(".")[0] for figure in FIGURES if figure.binding}

    assert kinds == {"calls", "size"}

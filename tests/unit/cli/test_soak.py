"""`soak`: its table, and what it says of a seed that does not hold."""

import pytest
import typer

from infra.cli.soak import Course, report
from tests.unit.cli.conftest import Run


def test_a_seed_that_holds_is_a_row_of_figures(run: Run) -> None:
    told = run("soak", "--seed", "3", "--predictions", "40")

    head, row, *_ = told.stdout.splitlines()
    assert head.split()[:2] == ["Seed", "Predictions"]
    assert (told.exit_code, row.split()[0], int(row.split()[1]) >= 40) == (0, "3", True)


def test_a_seed_that_does_not_hold_is_told_with_how_to_see_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as exit:
        report([Course(7, None, "I1 violated by x\nSee it again: ./run.sh soak --seed 7")])

    told = capsys.readouterr().err
    assert exit.value.exit_code == 1
    assert all(words in told for words in ("I1 violated by x", "./run.sh soak --seed 7"))


@pytest.mark.parametrize("words", [["--seeds", "0"], ["--predictions", "0"], ["--seed", "one"]])
def test_wrong_numbers_are_wrong_usage(run: Run, words: list[str]) -> None:
    assert run("soak", *words).exit_code == 2

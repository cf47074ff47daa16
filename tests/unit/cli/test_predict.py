"""`predict MODEL` up to the point where it needs something that runs."""

import pytest

from tests.unit.cli.conftest import Run

PLACE = ["--latitude", "40", "--longitude", "-120", "--month", "11", "--hour", "4"]


def test_help_of_a_model_tells_each_field_with_its_range_and_an_example(run: Run) -> None:
    told = run("predict", "temperature", "--help")

    assert told.exit_code == 0
    assert "--latitude NUMBER" in told.stdout
    assert "Degrees, north positive. [-90 to 90; e.g. 40; required]" in told.stdout


def test_help_without_a_model_lists_the_models(run: Run) -> None:
    assert "temperature  Outdoor temperature" in run("predict", "--help").stdout


def test_a_value_out_of_range_is_wrong_usage_that_names_its_flag(run: Run) -> None:
    told = run("predict", "temperature", *PLACE, "--latitude", "400")

    assert told.exit_code == 2
    assert "--latitude: Input should be less than or equal to 90" in told.stderr


def test_every_missing_field_is_named_at_once(run: Run) -> None:
    told = run("predict", "temperature", "--latitude", "40")

    assert told.exit_code == 2
    assert all(f"--{name}: Field required" in told.stderr for name in ("longitude", "month"))


@pytest.mark.parametrize(
    "words",
    [
        ["--input", '{"latitude": 40}'],
        ["--input", "[1, 2]"],
        ["--input", "{latitude"],
        ["--input", '{"latitude": NaN}'],
        ["--input", "{}", *PLACE],
        ["--altitude", "3"],
        ["--latitude"],
        ["--hour", "noon"],
        ["--month", "1.5"],
    ],
)
def test_an_input_that_does_not_fit_is_wrong_usage(run: Run, words: list[str]) -> None:
    told = run("predict", "temperature", *words)

    assert told.exit_code == 2
    assert "Error: " in told.stderr


def test_an_unknown_model_is_a_failure_that_tells_the_known_ones(run: Run) -> None:
    told = run("predict", "weather", "--latitude", "40")

    assert told.exit_code == 1
    what, why, cure = told.stderr.splitlines()
    assert what == "error: There is no model weather."
    assert why.startswith("       The models are: sentiment, temperature")
    assert cure == "       Choose one of them: ./run.sh models ls"


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "2", *PLACE],
        ["predict", "temperature", "--input", "-"],
        ["predict", "temperature", "--token", "a.b.c", *PLACE],
        ["predictions", "ls", "--status", "queued"],
        ["predictions", "show", "7", "--token", "a.b.c"],
        ["predictions", "cancel", "7"],
        ["predictions", "retry", "7"],
        ["users", "ls"],
        ["logs"],
        ["policies", "ls"],
        ["grant", "demo@example.com", "temperature"],
        ["revoke", "demo@example.com", "2"],
    ],
)
def test_a_verb_that_needs_it_up_says_so(run: Run, words: list[str]) -> None:
    stdin = '{"latitude": 40, "longitude": -120, "month": 11, "hour": 4}'

    told = run(*words, stdin=stdin)

    assert told.exit_code == 1
    assert told.stderr.startswith("error: Lambent is not up in this folder.\n")

"""The command line as a whole: its verbs, its exit codes, its weight."""

import json
import subprocess
import sys

import pytest

from infra.cli.verbs import ORDER
from infra.workspace import ROOT
from tests.unit.cli.conftest import Run

HEAVY = {"boto3", "botocore", "cfnlint", "httpx", "pynamodb", "rich", "samtranslator"}


def test_help_tells_every_verb_in_the_order_of_use(run: Run) -> None:
    lines = run("help").stdout.partition("Commands:\n")[2].splitlines()

    assert tuple(line.split()[0] for line in lines) == ORDER


def test_help_of_a_verb_tells_its_options(run: Run) -> None:
    assert "--wipe" in run("help", "down").stdout


@pytest.mark.parametrize("words", [[], ["models"], ["nonsense"], ["down", "--hard"], ["token"]])
def test_wrong_usage_ends_with_2(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("verb", ["url", "help"])
def test_what_is_asked_often_starts_without_heavy_libraries(verb: str) -> None:
    program = (
        "import sys; from infra.cli.__main__ import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, verb]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert HEAVY.isdisjoint(ran.stderr.split())


def test_url_is_one_line_and_nothing_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")

    assert run("url").stdout == "http://localhost:8123/api\n"


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "8000.5", "٣"])
def test_a_port_that_is_none_is_wrong_usage(
    run: Run, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)

    assert run("url").exit_code == 2


def test_two_equal_ports_are_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("EMULATOR_PORT", "8123")

    assert run("up").exit_code == 2


def test_status_of_what_is_not_up_is_a_failure_that_programs_can_read(run: Run) -> None:
    told = run("status", "--json")

    assert told.exit_code == 1
    assert json.loads(told.stdout)["up"] is False


def test_down_where_nothing_runs_is_done(run: Run) -> None:
    assert run("down", "--wipe").exit_code == 0


def test_models_are_listed_for_programs(run: Run) -> None:
    models = json.loads(run("models", "ls", "--json").stdout)

    listed = [(model["id"], model["name"]) for model in models]
    assert listed[:2] == [(1, "sentiment"), (2, "temperature")]


def test_a_model_is_shown_with_its_schema(run: Run) -> None:
    shown = json.loads(run("models", "show", "2", "--json").stdout)

    assert shown["input_schema"]["required"] == ["latitude", "longitude", "month", "hour"]


def test_a_model_is_shown_to_people_field_by_field(run: Run) -> None:
    assert "latitude   number   Degrees, north positive." in run("models", "show", "2").stdout


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        (["users", "add", "ada@example.com"], "a long and private sentence", 2),
        (["users", "add", "nobody", "--password-stdin"], "a long and private sentence", 2),
        (["users", "add", "ada@example.com", "--password-stdin"], "", 1),
        (["token", "ada@example.com", "--password-stdin"], "\n", 1),
        (["token", "ada@example.com"], "a long and private sentence", 2),
    ],
)
def test_a_password_comes_on_standard_input_or_not_at_all(
    run: Run, words: list[str], stdin: str, code: int
) -> None:
    assert run(*words, stdin=stdin).exit_code == code

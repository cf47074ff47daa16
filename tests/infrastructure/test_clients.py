"""How long a call of AWS may take, in every function: all of them end before their caller does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters import aws
from chalicelib.api import wiring
from infra.workspace import ROOT

SUBMIT = 3
"""Calls of the longest chain that somebody waits for: held by test_submission_calls.py."""
BUDGET = 20
"""Seconds; API Gateway stops at 29."""
SHIPPED = sorted([*(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "functions").rglob("*.py")])
FUNCTIONS = sorted((ROOT / "functions").glob("*/handler.py"))


def calls(file: Path, *names: str) -> Iterator[ast.Call]:
    """The calls of anything of such a name."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in names:
                yield node


def attempts(call: ast.Call) -> object:
    """What it gives for that, as far as it is a number in the code."""
    given = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "attempts")]
    return given[0].value if isinstance(given[0], ast.Constant) else None


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_a_client_gives_up_early(monkeypatch: pytest.MonkeyPatch, attempts: int) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    config = aws.client("sqs", attempts).meta.config

    assert (config.connect_timeout, config.read_timeout) == (1, 2)
    assert config.retries == {"total_max_attempts": attempts, "mode": "standard"}


def test_no_shipped_code_makes_a_client_in_another_way() -> None:
    making = [file for file in SHIPPED for _ in calls(file, "create_client")]

    assert making == [ROOT / "chalicelib/adapters/aws.py"]
    assert not [file for file in SHIPPED if "boto3" in file.read_text("utf-8")]


@pytest.mark.parametrize("file", FUNCTIONS, ids=lambda file: file.parent.name)
def test_a_function_off_the_requests_path_tries_three_times_at_most(file: Path) -> None:
    tried = [attempts(call) for call in calls(file, "client")]

    assert tried
    assert set(tried) <= {1, 3}


def test_the_longest_chain_that_somebody_waits_for_ends_in_twenty_seconds() -> None:
    one = wiring.ATTEMPTS * (aws.CONNECT_SECONDS + aws.READ_SECONDS)

    assert wiring.ATTEMPTS == 2
    assert SUBMIT * one <= BUDGET


def test_the_api_tries_so_often_everywhere() -> None:
    made = list(calls(Path(wiring.__file__), "client"))

    assert made
    assert {ast.unparse(call.args[1]) for call in made} == {"ATTEMPTS"}

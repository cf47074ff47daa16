"""The signing secret as the command line sees and changes it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.accounts.signing_keys import kid
from infra.local.signing import Held, Key, Signing
from tests.unit.cli.conftest import Run

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class FakeSecrets:
    """One secret, which changed at noon."""

    def __init__(self, **members: str) -> None:
        self.string = json.dumps(members)
        self.writes = 0

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:
        return {"SecretString": self.string, "CreatedDate": NOON}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:
        self.string, self.writes = SecretString, self.writes + 1


def test_keys_are_listed_by_role_and_never_with_their_secret() -> None:
    members = {"previous-2": "q", "previous": "p", "current": "c", "next": "n", "other": "o"}

    assert Held(members, NOON).keys() == [
        Key(kid("n"), "next"),
        Key(kid("c"), "current"),
        Key(kid("p"), "previous"),
        Key(kid("q"), "previous-2"),
    ]


@pytest.mark.parametrize(("age", "left"), [(0, 60), (59, 1), (60, 0), (86400, 0), (-5, 65)])
def test_a_key_is_unsettled_until_every_process_has_read_it(age: int, left: int) -> None:
    assert Held({}, NOON).unsettled(NOON + timedelta(seconds=age)) == left


def test_a_stack_that_has_just_been_created_gets_a_next_key_once() -> None:
    secrets = FakeSecrets(current="c")
    signing = Signing(secrets, "secret")

    assert (signing.prepare(), signing.prepare()) == (True, False)
    assert secrets.writes == 1
    assert signing.read().members.keys() == {"current", "next"}
    assert signing.read().members["current"] == "c"


@pytest.mark.parametrize(
    "words",
    [
        ["keys", "ls"],
        ["keys", "rotate"],
        ["keys", "revoke", "0" * 16],
        ["mail", "--json"],
        ["dlq", "ls"],
        ["dlq", "redrive", "x"],
        ["dlq", "redrive", "--all"],
        ["dlq", "purge", "x"],
    ],
)
def test_where_nothing_runs_it_is_said_how_to_start_it(run: Run, words: list[str]) -> None:
    told = run(*words)

    assert told.exit_code == 1
    assert "Start it: ./run.sh up" in told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["keys"],
        ["keys", "revoke"],
        ["mail", "ada@example.com"],
        ["api-keys", "ls"],
        ["dlq"],
        ["dlq", "redrive"],
        ["dlq", "redrive", "x", "--all"],
        ["dlq", "purge"],
        ["dlq", "ls", "--limit", "0"],
    ],
)
def test_words_that_are_missing_or_too_many_are_wrong_usage(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2

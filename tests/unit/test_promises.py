"""Every promise is held by tests that exist: the tables of promises are true."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NODE = re.compile(r"`(tests/[^`]+)`")

ACCOUNTS = {
    "1. Parity": """
        login logout register forgot-password reset-password request-verify-token verify users-me
        users-id user order email-change only-sent email-spelling own-privileges delete
        require-verification detail no-store
    """,
    "2. Where fastapi-users fails": """
        1-timing 2-endings 3-throttling 4-races 5-reset-once 6-no-5xx 7-no-echo 8-stolen-token
        9-passwords 10-last-superuser 11-cookie
    """,
    "3. Tokens, sessions, keys": """
        access-token access-token-broken one-header session-version logout sessions one-read refresh
        refresh-repeated refresh-lifetimes one-time-tokens api-keys api-key-scopes api-key-limits
        api-key-use signing-keys rotation jwks hashes worker
    """,
    "4. Mail": "off-the-path whose-address sender templates mail-verb notices three-mails",
    "5. Audit": "append-only events log-line facts no-secret search",
    "6. Limits are settings": "account address routes factor lifetimes",
}
HTTP_API = {
    "1. Routes": """
        accounts refresh sessions api-keys users jwks models schema submit read list cancel retry
        erase owners quotas usage policies grants admin-queue admin-dead-letters admin-redrive
        admin-audit switch delete-me health documents seed-predict seed-status seed-pair
        seed-info seed-health seed-refusals seed-value batch batch-status seed-key
    """,
    "2. Representation": """
        members done ids deadline retention charged versions failed exact
        batch-id timeout running cached
    """,
    "3. Headers": """
        prefer prefer-looks prefer-ends location location-base retry-after ratelimit etag link
        www-authenticate request-id every-answer
        idempotency-key replay retry-after-stats cache-status cache
    """,
    "4. Errors": """
        document detail errors order 400 401 403 404 410 409 413 output 415 422 429 429-accounts
        503 no-5xx gateway lists list-items
        409-batch 413-batch
    """,
}
PROMISES = {"users_promises.md": ACCOUNTS, "http_api_promises.md": HTTP_API}
"""What there must be a row for: by table and section."""


def rows(text: str) -> dict[str, dict[str, list[str]]]:
    """By section and row, the tests that are named."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in text.splitlines():
        if line.startswith("## "):
            section = found.setdefault(line.removeprefix("## "), {})
        elif line.startswith("| ") and not line.startswith("| row |"):
            key, *_, tests = (cell.strip() for cell in line.strip("|").split("|"))
            section[key] = NODE.findall(tests)
    return found


@cache
def names(path: Path) -> frozenset[str]:
    """The tests that a file has; those of a class with its name before them."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + each.name for each in inside if isinstance(each, ast.FunctionDef)}
    return frozenset(found)


def exists(test: str) -> bool:
    """Whether there is such a test."""
    path, _, name = test.partition("::")
    file = TESTS.parent / path
    is_test = name.rpartition("::")[2].startswith("test_")
    return is_test and file.is_file() and name in names(file)


ROWS = {table: rows((TESTS / table).read_text("utf-8")) for table in PROMISES}
SECTIONS = [(table, section) for table in PROMISES for section in PROMISES[table]]


@pytest.mark.parametrize("table", PROMISES)
def test_every_section_has_a_row_for_each_of_its_promises(table: str) -> None:
    assert {section: list(found) for section, found in ROWS[table].items()} == {
        section: keys.split() for section, keys in PROMISES[table].items()
    }


@pytest.mark.parametrize(("table", "section"), SECTIONS)
def test_every_promise_is_held_by_tests_that_exist(table: str, section: str) -> None:
    found = ROWS[table][section]
    assert [key for key, tests in found.items() if not tests] == []
    assert [test for tests in found.values() for test in tests if not exists(test)] == []


@pytest.mark.parametrize(
    "test",
    [
        "tests/unit/test_promises.py::test_gone",
        "tests/unit/test_promises.py::exists",
        "tests/unit/gone.py::test_gone",
        "tests/contracts/users.py::test_a_user_is_found_by_id_and_by_address",
    ],
)
def test_a_test_that_is_not_there_is_noticed(test: str) -> None:
    assert not exists(test)


def test_a_row_is_read_with_all_its_tests() -> None:
    line = (
        "## 1. Some\n| row | promise | tests |\n|---|---|---|\n| a | b | `tests/c`<br>`tests/d` |"
    )
    assert rows(line) == {"1. Some": {"a": ["tests/c", "tests/d"]}}

"""The verbs that move state, and the passwords that an import brings."""

import json
from pathlib import Path

import pytest

from chalicelib.api import wiring
from infra.cli.up import told
from infra.local.credentials import Credential, CredentialsFile
from infra.local.seed import ADMIN, DEMO, Seeded, seed
from infra.local.staleness import forget_stale
from tests.integration.api import services_over
from tests.unit.cli.conftest import Run
from tests.world import World


@pytest.mark.parametrize("words", [["data", "export", "f"], ["data", "import", "f", "--replace"]])
def test_where_nothing_runs_it_is_said_how_to_start_it(
    run: Run, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*words)

    assert (ran.exit_code, list(tmp_path.glob("f*"))) == (1, [])
    assert "Start it: ./run.sh up" in ran.stderr


@pytest.mark.parametrize("words", [["data"], ["data", "export"], ["data", "import", "f", "g"]])
def test_words_that_are_missing_or_too_many_are_wrong_usage(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_help_tells_what_is_not_exported(run: Run) -> None:
    said = run("data", "export", "--help").stdout

    assert all(each in said for each in ("signing secret", "messages in queues", "logs"))


@pytest.fixture
def world() -> World:
    return World(wiring.catalogue())


@pytest.fixture
def file(world: World, tmp_path: Path) -> CredentialsFile:
    """Of a seeded Lambent into which the demo user was imported with another password."""
    file = CredentialsFile.below(tmp_path)
    seed(services_over(world), world.reader, file)
    file.add(Credential(DEMO, "the password of another demo user"))
    return file


def lets_in(world: World, file: CredentialsFile, email: str) -> bool:
    user = world.users.by_email(email)
    assert user
    return world.passwords.verify(file.read()[email].password, user.password_hash)


def test_a_password_that_lets_nobody_in_is_told_and_taken_out_of_the_file(
    world: World, file: CredentialsFile
) -> None:
    assert forget_stale(file, world.users, world.passwords) == [DEMO]
    assert [bool(each["password"]) for each in json.loads(file.path.read_text())] == [True, False]
    assert lets_in(world, file, ADMIN)


def test_seeding_gives_a_new_password_to_who_has_none_in_the_file_and_to_nobody_else(
    world: World, file: CredentialsFile
) -> None:
    forget_stale(file, world.users, world.passwords)
    admins = file.read()[ADMIN]

    seeded = seed(services_over(world), world.reader, file)

    assert (seeded, bool(seeded)) == (Seeded(renewed=(DEMO,)), True)
    assert (lets_in(world, file, DEMO), file.read()[ADMIN]) == (True, admins)
    assert told(seeded) == f"new password for {DEMO}"


def test_a_wrong_password_that_no_import_brought_is_left_alone(
    world: World, file: CredentialsFile
) -> None:
    seeded = seed(services_over(world), world.reader, file)

    assert (bool(seeded), lets_in(world, file, DEMO)) == (False, False)


def test_a_seeded_user_whom_an_import_did_not_bring_is_made_with_a_password(
    world: World, file: CredentialsFile
) -> None:
    forget_stale(file, world.users, world.passwords)
    world.memory.users.clear()

    seed(services_over(world), world.reader, file)

    assert lets_in(world, file, DEMO)

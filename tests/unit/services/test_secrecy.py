"""No secret in what is logged, audited, queued, or stored beside its hash."""

import json
from dataclasses import asdict
from hashlib import sha256
from io import StringIO

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.users import Wish
from tests.unit.services.accounts import ANOTHER, HERE, PASSWORD, WEAK, a_member, refusal_of
from tests.unit.services.models import CATALOGUE
from tests.world import World

WRONG, NEWEST = "a wrong private sentence", "yet another private sentence"
DIGEST = 64
Told = dict[str, str]


@pytest.fixture
def world() -> World:
    return World(CATALOGUE, mail_sender="lambent@example.com")


def lived(world: World, use: Services) -> list[str]:
    """An account from its beginning to its end; every secret there ever was."""
    ada = a_member(use)
    _, key = use.api_keys.mint(ada.caller, "robot", [Scope.MODELS_READ], 60, HERE)
    second = use.refreshing.refresh(ada.signed_in.refresh_token, HERE)
    third = use.refreshing.refresh(second.refresh_token, HERE)
    for act in (
        lambda: use.signing_in.sign_in("ada@example.com", WRONG, HERE),
        lambda: use.registration.register("ada@example.com", WEAK, HERE),
        lambda: use.refreshing.refresh(ada.signed_in.refresh_token, HERE),
        lambda: use.authentication.identify(f"{key}x"),
        lambda: use.profiles.change_own(ada.caller, Wish(password=ANOTHER), WRONG, HERE),
        lambda: use.recovery.reset("a guessed token", ANOTHER, HERE),
    ):
        assert refusal_of(act)[0]
    use.profiles.change_own(ada.caller, Wish(password=ANOTHER), PASSWORD, HERE)
    use.recovery.ask_for_reset("ada@example.com", HERE)
    for letter in world.outbox.letters:
        world.mailing().deliver(letter)
    [mail] = [each for each in world.postman.sent if "Your token" in each.text]
    token = mail.text.partition("Your token: ")[2].partition("\n")[0]
    hashes = [user.password_hash for user in world.memory.users.values()]
    digests = [each.digest for each in world.memory.api_keys.values()]
    use.recovery.reset(token, NEWEST, HERE)
    signed_in = [ada.signed_in, second, third]
    return [
        *(PASSWORD, ANOTHER, WRONG, NEWEST, WEAK, key, token),
        *(each.refresh_token for each in signed_in),
        *(each.refresh_token.rpartition("_")[2] for each in signed_in),
        *(each.access_token for each in signed_in),
        *hashes,
        *digests,
        sha256(token.encode()).hexdigest(),
    ]


def told(world: World, log: StringIO) -> Told:
    """All that somebody else than the owner gets to see."""
    owners = [mail for mail in world.postman.sent if "Your token" not in mail.text]
    return {
        "log": log.getvalue(),
        "audit trail": f"{world.trail.entries}",
        "letters": f"{world.outbox.letters}",
        "notices": f"{owners}",
        "counters": f"{world.memory.counters} {world.memory.spent}",
    }


def test_no_secret_is_told_to_anybody(world: World, use: Services, log: StringIO) -> None:
    secrets = lived(world, use)
    leaks = [
        (place, secret)
        for place, text in told(world, log).items()
        for secret in secrets
        if secret in text
    ]
    assert leaks == []
    assert len(set(secrets)) >= 18


def test_no_secret_is_stored_but_as_a_hash(world: World, use: Services) -> None:
    plain = [each for each in lived(world, use) if not each.startswith("$fake$")]
    memory = world.memory
    tables = (memory.sessions, memory.api_keys, memory.tokens)
    stored = "".join(str([asdict(row) for row in table.values()]) for table in tables)
    texts = [each for each in plain if len(each) != DIGEST]
    assert [each for each in texts if each in stored] == []


def test_no_address_is_logged_or_audited(world: World, use: Services, log: StringIO) -> None:
    lived(world, use)
    assert "ada@" not in f"{world.trail.entries}"
    assert "ada@" not in log.getvalue()


def test_every_event_is_one_line_and_one_entry(world: World, use: Services, log: StringIO) -> None:
    lived(world, use)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    audited = [line["id"] for line in lines if line["message"] == "audit"]
    assert audited == [entry.id for entry in world.trail.entries]

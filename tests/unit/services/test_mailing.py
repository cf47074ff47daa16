import json
from hashlib import sha256
from io import StringIO

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.letters import ASKED_FOR, Kind, Letter
from chalicelib.domain.accounts.one_time import Purpose
from chalicelib.domain.accounts.users import Change
from chalicelib.errors import Unavailable
from tests.fakes.mail import Mail
from tests.unit.services.accounts import ANOTHER, HERE, PASSWORD
from tests.unit.services.models import CATALOGUE
from tests.world import World

URL = "https://api.example.com/api"
ADA = "ada@example.com"
NOTICES = sorted(set(Kind) - ASKED_FOR)


@pytest.fixture
def world() -> World:
    return World(CATALOGUE, mail_sender="lambent@example.com", public_url=URL)


def delivered(world: World, kind: Kind, to: str = ADA, **facts: str) -> list[Mail]:
    """What is sent because of one letter."""
    before = len(world.postman.sent)
    world.mailing().deliver(Letter(kind, to, "r-1", facts))
    return world.postman.sent[before:]


def token_in(mail: Mail) -> str:
    return mail.text.partition("Your token: ")[2].partition("\n")[0]


def said(log: StringIO) -> list[str]:
    return [json.loads(line)["outcome"] for line in log.getvalue().splitlines()]


def test_a_mailed_token_resets_the_password(world: World, use: Services) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    [mail] = delivered(world, Kind.RESET)
    use.recovery.reset(token_in(mail), ANOTHER, HERE)
    assert (mail.to, mail.subject) == (ADA, "Reset your Lambent password")
    assert use.signing_in.sign_in(ADA, ANOTHER, HERE)


def test_a_mailed_token_proves_the_address(world: World, use: Services) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    [mail] = delivered(world, Kind.VERIFY)
    assert use.recovery.verify(token_in(mail), HERE).is_verified


@pytest.mark.parametrize(
    ("kind", "purpose", "path"),
    [
        (Kind.RESET, Purpose.RESET, "/v1/auth/reset-password"),
        (Kind.VERIFY, Purpose.VERIFY, "/v1/auth/verify"),
    ],
)
def test_of_a_token_only_a_hash_is_stored_and_its_mail_has_it_beside_our_own_address(
    world: World, use: Services, kind: Kind, purpose: Purpose, path: str
) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    [mail] = delivered(world, kind)
    text = token_in(mail)
    assert len(text) == 52
    assert list(world.memory.tokens) == [(sha256(text.encode()).hexdigest(), purpose)]
    assert text not in str(world.memory)
    assert f"POST {URL}{path}\n" in mail.text
    assert text in mail.html


def test_how_long_a_token_works_is_a_setting() -> None:
    world = World(CATALOGUE, mail_sender="x@example.com", one_time_token_seconds=5)
    world.services().registration.register(ADA, PASSWORD, HERE)
    [mail] = delivered(world, Kind.RESET)
    [token] = world.memory.tokens.values()
    assert token.expires_at == world.clock() + 5000
    assert "It works once, for 5 seconds." in mail.text


@pytest.mark.parametrize("kind", sorted(ASKED_FOR))
def test_an_address_without_an_account_gets_no_mail(
    world: World, kind: Kind, log: StringIO
) -> None:
    assert delivered(world, kind) == []
    assert not world.memory.tokens
    assert said(log) == ["nobody to send it to"]


@pytest.mark.parametrize("kind", sorted(ASKED_FOR))
def test_an_inactive_user_gets_no_mail(world: World, use: Services, kind: Kind) -> None:
    user = use.registration.register(ADA, PASSWORD, HERE)
    world.users.change(user, Change(is_active=False))
    assert delivered(world, kind) == []
    assert not world.memory.tokens


def test_who_is_verified_gets_no_mail_to_verify_and_one_to_reset(
    world: World, use: Services
) -> None:
    use.registration.register(ADA, PASSWORD, HERE, is_verified=True)
    assert delivered(world, Kind.VERIFY) == []
    assert delivered(world, Kind.RESET)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("ada@strasse.example.com", "ada@straße.example.com"),
        ("ada@example.com", "\u00aada@example.com"),
        ("ada@example.com", "ADA@example.com"),
        ("sam@example.com", "\u017fam@example.com"),
    ],
)
def test_a_token_goes_to_the_address_of_the_account_and_never_to_another_spelling_of_it(
    world: World, use: Services, registered: str, asked: str
) -> None:
    use.registration.register(registered, PASSWORD, HERE)
    assert [mail.to for mail in delivered(world, Kind.RESET, asked)] == [registered]


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_goes_to_its_address_whether_or_not_that_has_an_account_now(
    world: World, kind: Kind
) -> None:
    [mail] = delivered(world, kind, name="robot")
    assert mail.to == ADA
    assert not world.memory.tokens


@pytest.mark.parametrize("kind", list(Kind))
def test_an_address_gets_three_mails_of_a_sort_in_a_quarter_of_an_hour(
    world: World, use: Services, kind: Kind, log: StringIO
) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    spellings = [ADA, "ADA@example.com", "Ada@example.com", ADA]
    log.truncate(0)
    log.seek(0)
    assert [len(delivered(world, kind, each)) for each in spellings] == [1, 1, 1, 0]
    assert said(log) == ["sent"] * 3 + ["enough sent to this address"]
    world.clock.advance(seconds=900)
    assert delivered(world, kind)


def test_who_got_enough_mails_gets_no_token_stored(world: World, use: Services) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    for _ in range(5):
        delivered(world, Kind.RESET)
    assert len(world.memory.tokens) == 3


def test_a_stranger_cannot_use_up_the_mails_that_tell_an_owner(world: World, use: Services) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    for _ in range(5):
        delivered(world, Kind.RESET)
        delivered(world, Kind.VERIFY)
    assert delivered(world, Kind.PASSWORD_CHANGED)


def test_notices_do_not_use_up_the_mails_that_an_owner_asks_for(
    world: World, use: Services
) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    for kind in (*NOTICES, *NOTICES):
        delivered(world, kind)
    assert delivered(world, Kind.RESET)


def test_mails_to_one_address_do_not_count_for_another(world: World, use: Services) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    for _ in range(5):
        delivered(world, Kind.PASSWORD_CHANGED, "bob@example.com")
    assert delivered(world, Kind.PASSWORD_CHANGED)


@pytest.mark.parametrize("kind", list(Kind))
def test_without_a_sender_no_mail_is_sent_and_no_token_made(kind: Kind, log: StringIO) -> None:
    world = World(CATALOGUE, public_url=URL)
    world.services().registration.register(ADA, PASSWORD, HERE)
    log.truncate(0)
    log.seek(0)
    assert delivered(world, kind) == []
    assert not world.memory.tokens
    assert said(log) == ["mail is off"]


def test_a_letter_is_one_log_line_without_address_and_token(
    world: World, use: Services, log: StringIO
) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    log.truncate(0)
    log.seek(0)
    [mail] = delivered(world, Kind.RESET)
    [line] = map(json.loads, log.getvalue().splitlines())
    assert (line["message"], line["kind"], line["request_id"]) == ("letter", Kind.RESET, "r-1")
    assert ADA not in log.getvalue()
    assert token_in(mail) not in log.getvalue()


def test_a_mail_that_is_not_taken_is_told_so_that_it_comes_again(
    world: World, use: Services
) -> None:
    use.registration.register(ADA, PASSWORD, HERE)
    world.postman.is_down = True
    with pytest.raises(Unavailable):
        delivered(world, Kind.RESET)
    world.postman.is_down = False
    assert delivered(world, Kind.RESET)


def test_a_mail_that_was_not_taken_comes_again_and_is_not_counted(world: World) -> None:
    world.postman.is_down = True
    for _ in range(5):
        with pytest.raises(Unavailable):
            delivered(world, Kind.PASSWORD_CHANGED)
    world.postman.is_down = False
    assert len(delivered(world, Kind.PASSWORD_CHANGED)) == 1

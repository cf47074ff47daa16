"""Getting back in by mail and proving an address, as fastapi-users has it; it tells nobody's."""

import re
from typing import Any

import pytest

from chalicelib.domain.accounts.letters import Kind, Letter
from tests.integration.api import Api
from tests.integration.members import (
    ME,
    OTHER,
    PASSWORD,
    USER,
    a_member,
    is_let_in,
    refresh,
    sign_in,
    told,
)
from tests.samples import a_key
from tests.world import Person, World

FORGOT, RESET = "/v1/auth/forgot-password", "/v1/auth/reset-password"
ASK, VERIFY = "/v1/auth/request-verify-token", "/v1/auth/verify"
BAD_RESET = (400, "RESET_PASSWORD_BAD_TOKEN")
BAD_VERIFY = (400, "VERIFY_USER_BAD_TOKEN")


@pytest.fixture
def world(world: World) -> World:
    """Mail is on."""
    return World(world.catalogue, mail_sender="lambent@example.com")


@pytest.fixture
def one(world: World) -> Person:
    return a_member(world)


def mailed(world: World) -> str:
    """Deliver what waits; the token of the last mail."""
    for letter in world.outbox.letters:
        world.mailing().deliver(letter)
    world.outbox.letters.clear()
    found = re.search(r"Your token: (\S+)", world.postman.sent[-1].text)
    assert found
    return found[1]


def a_token(api: Api, world: World, one: Person, asked: str = FORGOT) -> str:
    assert api.post(asked, body={"email": one.user.email}).status == 202
    return mailed(world)


@pytest.mark.parametrize(("path", "kind"), [(FORGOT, Kind.RESET), (ASK, Kind.VERIFY)])
def test_whoever_asks_is_answered_null_and_one_letter_is_queued(
    api: Api, world: World, path: str, kind: Kind
) -> None:
    known, verified, off = (
        a_member(world, **facts) for facts in ({}, {"is_verified": True}, {"is_active": False})
    )
    emails = [who.user.email for who in (known, verified, off)] + ["nobody@example.com"]
    answers = [api.post(path, body={"email": email}) for email in emails]
    assert [(each.status, each.json) for each in answers] == [(202, None)] * 4
    assert world.outbox.letters == [Letter(kind, email, "none") for email in emails]


@pytest.mark.parametrize("path", [FORGOT, ASK])
def test_the_request_itself_looks_up_nobody(api: Api, world: World, one: Person, path: str) -> None:
    world.users.looked_up.clear()
    for email in (one.user.email, "nobody@example.com"):
        api.post(path, body={"email": email})
    assert world.users.looked_up == []
    assert not world.memory.tokens


@pytest.mark.parametrize("path", [FORGOT, ASK])
def test_the_twenty_first_of_an_hour_has_to_wait(api: Api, world: World, path: str) -> None:
    answers = [api.post(path, body={"email": f"a{n}@example.com"}) for n in range(21)]
    assert [each.status for each in answers] == [202] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert len(world.outbox.letters) == 20


@pytest.mark.parametrize("path", [FORGOT, ASK])
def test_a_queue_that_is_down_is_told(api: Api, world: World, path: str) -> None:
    world.outbox.is_down = True
    assert api.post(path, body={"email": "ada@example.com"}).status == 503


def test_a_reset_changes_the_password_and_ends_all_sessions_and_keys(
    api: Api, world: World, one: Person
) -> None:
    session = sign_in(api, one)
    world.api_keys.add(a_key(one.user))
    answer = api.post(RESET, body={"token": a_token(api, world, one), "password": OTHER})
    assert (answer.status, answer.json) == (200, None)
    assert [is_let_in(api, each) for each in (one, session.access)] == [False, False]
    assert refresh(api, session.refresh).status == 401
    assert told(api.login(one.user.email, PASSWORD)) == (400, "LOGIN_BAD_CREDENTIALS")
    assert api.login(one.user.email, OTHER).status == 200
    assert [letter.kind for letter in world.outbox.letters] == [Kind.PASSWORD_CHANGED]


def test_a_used_token_is_a_bad_one(api: Api, world: World, one: Person) -> None:
    body = {"token": a_token(api, world, one), "password": OTHER}
    assert api.post(RESET, body=body).status == 200
    assert told(api.post(RESET, body=body)) == BAD_RESET


def test_a_weak_password_leaves_the_token_usable(api: Api, world: World, one: Person) -> None:
    token = a_token(api, world, one)
    weak = api.post(RESET, body={"token": token, "password": "short"})
    assert weak.status == 400
    assert weak.json["detail"].keys() == {"code", "reason"}
    assert weak.json["detail"]["code"] == "RESET_PASSWORD_INVALID_PASSWORD"
    assert is_let_in(api, one)
    assert api.post(RESET, body={"token": token, "password": OTHER}).status == 200


def test_a_bad_token_is_told_before_a_weak_password(api: Api) -> None:
    assert told(api.post(RESET, body={"token": "x" * 52, "password": "short"})) == BAD_RESET


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 52, "x" * 1024, "\x00", "\u202e", "../../reset", "rt_x_y"]
)
def test_what_nobody_was_mailed_is_a_bad_token(api: Api, token: str) -> None:
    assert told(api.post(RESET, body={"token": token, "password": OTHER})) == BAD_RESET
    assert told(api.post(VERIFY, body={"token": token})) == BAD_VERIFY


def test_a_token_is_for_one_purpose(api: Api, world: World, one: Person) -> None:
    reset, verify = a_token(api, world, one), a_token(api, world, one, ASK)
    assert told(api.post(VERIFY, body={"token": reset})) == BAD_VERIFY
    assert told(api.post(RESET, body={"token": verify, "password": OTHER})) == BAD_RESET


def test_an_expired_token_is_a_bad_one(api: Api, world: World, one: Person) -> None:
    reset, verify = a_token(api, world, one), a_token(api, world, one, ASK)
    world.clock.advance(seconds=3600)
    assert told(api.post(RESET, body={"token": reset, "password": OTHER})) == BAD_RESET
    assert told(api.post(VERIFY, body={"token": verify})) == BAD_VERIFY


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "new@example.com"}, None])
def test_a_token_of_who_is_inactive_moved_or_gone_is_a_bad_one(
    api: Api, world: World, root: Person, one: Person, change: dict[str, Any] | None
) -> None:
    reset, verify = a_token(api, world, one), a_token(api, world, one, ASK)
    path = f"/v1/users/{one.user.id}"
    answer = api.patch(path, root, change) if change else api.delete(path, root)
    assert answer.status in (200, 204)
    assert told(api.post(RESET, body={"token": reset, "password": OTHER})) == BAD_RESET
    assert told(api.post(VERIFY, body={"token": verify})) == BAD_VERIFY


def test_a_password_change_ends_the_reset_tokens_from_before(
    api: Api, world: World, one: Person
) -> None:
    first, second = a_token(api, world, one), a_token(api, world, one)
    assert api.post(RESET, body={"token": second, "password": OTHER}).status == 200
    assert told(api.post(RESET, body={"token": first, "password": OTHER})) == BAD_RESET


def test_a_proven_address_is_verified_and_only_once(api: Api, world: World, one: Person) -> None:
    token, other = a_token(api, world, one, ASK), a_token(api, world, one, ASK)
    answer = api.post(VERIFY, body={"token": token})
    assert (answer.status, answer.json.keys()) == (200, USER)
    assert answer.json == api.get(ME, one).json
    assert answer.json["is_verified"] is True
    already = (400, "VERIFY_USER_ALREADY_VERIFIED")
    assert told(api.post(VERIFY, body={"token": token})) == already
    assert told(api.post(VERIFY, body={"token": other})) == already


def test_a_reset_forgives_the_failures_of_who_had_forgotten(
    api: Api, world: World, one: Person
) -> None:
    for _ in range(6):
        api.login(one.user.email, "wrong")
    token = a_token(api, world, one)
    assert api.post(RESET, body={"token": token, "password": OTHER}).status == 200
    assert api.login(one.user.email, OTHER).status == 200


def test_guessing_tokens_is_throttled_by_address(api: Api, world: World) -> None:
    body = {"token": "x" * 52, "password": OTHER}
    seen = [api.post(RESET, body=body).status for _ in range(32)]
    assert seen == [400] * 30 + [429] * 2


@pytest.mark.parametrize(
    ("asked", "account"),
    [
        ("Stra\u00dfe@example.com", "strasse@example.com"),
        ("ada@stra\u00dfe.example.org", "ada@strasse.example.org"),
        ("\u212aelvin@example.com", "kelvin@example.com"),
        ("\uff41da@example.com", "ada@example.com"),
    ],
)
def test_a_token_goes_to_the_address_of_the_account_and_to_no_other_spelling(
    api: Api, world: World, asked: str, account: str
) -> None:
    """Another spelling may be another's mailbox: CVE-2019-19844 was that."""
    a_member(world, email=account)
    for path in (FORGOT, ASK):
        api.post(path, body={"email": asked})
        mailed(world)
    assert {mail.to for mail in world.postman.sent} == {account}


@pytest.mark.parametrize("path", [FORGOT, ASK])
@pytest.mark.parametrize("body", [None, [], {}, {"email": None}, {"email": []}, {"email": "ada"}])
def test_what_is_no_address_is_a_422(api: Api, world: World, path: str, body: Any) -> None:
    assert api.post(path, body=body).status == 422
    assert not world.outbox.letters


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (RESET, {}),
        (RESET, {"token": "x"}),
        (RESET, {"password": OTHER}),
        (RESET, {"token": None, "password": OTHER}),
        (RESET, {"token": 1, "password": OTHER}),
        (RESET, {"token": "x", "password": None}),
        (RESET, {"token": "x" * 2000, "password": OTHER}),
        (VERIFY, {}),
        (VERIFY, {"token": None}),
        (VERIFY, {"token": ["x"]}),
        (VERIFY, {"token": "x" * 2000}),
    ],
)
def test_what_is_no_token_is_a_422(api: Api, path: str, body: Any) -> None:
    answer = api.post(path, body=body)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert OTHER not in answer.text

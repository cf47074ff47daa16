"""Sessions over HTTP: refreshed, listed, ended one by one and all at once."""

import pytest

from chalicelib.api import wiring
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.ids import owned_id
from tests.integration.api import Api
from tests.integration.members import (
    PASSWORD,
    REFRESH,
    a_member,
    is_let_in,
    refresh,
    sign_in,
    told,
)
from tests.samples import DAY, NOW, a_key
from tests.world import Person, World

SESSIONS, LOGOUT_ALL = "/v1/users/me/sessions", "/v1/auth/logout-all"
SHOWN = {"id", "created_at", "last_used_at", "user_agent", "source_ip", "current"}


@pytest.fixture
def one(world: World) -> Person:
    return a_member(world)


def test_a_refresh_answers_as_a_sign_in_does_with_other_tokens(
    api: Api, world: World, one: Person
) -> None:
    first = sign_in(api, one)
    world.clock.advance(seconds=1)
    answer = refresh(api, first.refresh)
    assert answer.status == 200
    assert answer.json.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("bearer", 900)
    assert answer.json["refresh_token"] != first.refresh
    assert is_let_in(api, answer.json["access_token"])


def test_repeated_within_ten_seconds_the_answer_is_identical(
    api: Api, world: World, one: Person
) -> None:
    first = sign_in(api, one)
    answer = refresh(api, first.refresh)
    world.clock.advance(seconds=10)
    assert refresh(api, first.refresh).text == answer.text


def test_an_older_token_ends_the_session_and_is_told(api: Api, world: World, one: Person) -> None:
    first = sign_in(api, one)
    second = refresh(api, first.refresh).json
    world.clock.advance(ms=10_001)
    assert told(refresh(api, first.refresh)) == (401, "Unauthorized")
    assert refresh(api, second["refresh_token"]).status == 401
    assert not is_let_in(api, second["access_token"])
    assert is_let_in(api, one)
    assert world.trail.entries[-1].event is Event.REFRESH_REUSED
    assert [(each.kind, each.to) for each in world.outbox.letters] == [
        (Kind.REFRESH_REUSED, one.user.email)
    ]


@pytest.mark.parametrize("days", [29, 30])
def test_a_session_that_is_not_used_ends_after_thirty_days(
    api: Api, world: World, one: Person, days: int
) -> None:
    session = sign_in(api, one)
    world.clock.advance(days=days)
    assert refresh(api, session.refresh).status == (200 if days < 30 else 401)


def test_no_session_lasts_longer_than_ninety_days(api: Api, world: World, one: Person) -> None:
    text, seen = sign_in(api, one).refresh, []
    for _ in range(5):
        world.clock.advance(days=20)
        answer = refresh(api, text)
        seen.append(answer.status)
        text = answer.json.get("refresh_token", text)
    assert seen == [200, 200, 200, 200, 401]


def _other_secret(text: str) -> str:
    return text[:-5] + ("0" if text[-5] != "0" else "1") + text[-4:]


@pytest.mark.parametrize(
    "broken",
    [
        lambda text: "",
        lambda text: "rt_",
        lambda text: "nonsense",
        lambda text: text.upper(),
        lambda text: f" {text}",
        lambda text: text + "=",
        lambda text: text + "0",
        lambda text: text[:-1],
        lambda text: text.replace("rt_", "lk_"),
        lambda text: text.replace("_", "", 1),
        lambda text: text + "\u0130",
        lambda text: "rt_" + "\u00df" * 42 + text[45:],
        lambda text: f"rt_{owned_id('0' * 8 + '-0000-4000-8000-' + '0' * 12, NOW)}{text[45:]}",
        lambda text: "rt_" + "x" * 4000,
        _other_secret,
    ],
)
def test_a_broken_refresh_token_is_a_401_and_harms_nobody(
    api: Api, world: World, one: Person, broken: object
) -> None:
    session = sign_in(api, one)
    assert callable(broken)
    answer = refresh(api, broken(session.refresh))
    assert told(answer) == (401, "Unauthorized")
    assert session.refresh not in answer.text
    # A token of the right family that was never given is a reuse: then the session is over.
    if broken is not _other_secret:
        assert refresh(api, session.refresh).status == 200


def test_an_access_token_and_a_key_refresh_nothing(api: Api, world: World, one: Person) -> None:
    session = sign_in(api, one)
    assert refresh(api, session.access).status == 401
    assert not is_let_in(api, session.refresh)


def test_who_tries_refresh_tokens_has_to_wait(api: Api) -> None:
    seen = [refresh(api, "nonsense").status for _ in range(32)]
    assert seen == [401] * 30 + [429] * 2


@pytest.mark.parametrize(
    "body", [None, [], {}, {"refresh_token": None}, {"refresh_token": 1}, {"refresh_token": []}]
)
def test_what_is_no_refresh_is_a_422(api: Api, body: object) -> None:
    assert api.post(REFRESH, body=body).status == 422
    assert api.post(REFRESH, raw=b"").status == 422


def test_who_is_unverified_where_it_matters_is_not_refreshed(
    api: Api, world: World, one: Person
) -> None:
    session = sign_in(api, one)
    strict = World(world.catalogue, require_verification=True)
    strict.memory.users.update(world.memory.users)
    strict.memory.sessions.update(world.memory.sessions)
    wiring.use(strict.services())
    assert refresh(api, session.refresh).status == 401


def test_logout_all_ends_every_session_and_key_of_this_very_moment_too(
    api: Api, world: World, one: Person
) -> None:
    sessions = [sign_in(api, one) for _ in range(3)]
    world.api_keys.add(a_key(one.user))
    stranger = a_member(world)
    answer = api.post(LOGOUT_ALL, one, raw=b"")
    assert (answer.status, answer.text) == (204, "")
    assert not is_let_in(api, one)
    assert not any(is_let_in(api, each.access) for each in sessions)
    assert {refresh(api, each.refresh).status for each in sessions} == {401}
    assert is_let_in(api, stranger)
    assert is_let_in(api, sign_in(api, one).access)
    assert told(api.post(LOGOUT_ALL, None, raw=b"")) == (401, "Unauthorized")


def test_my_sessions_are_listed_the_newest_first(api: Api, world: World, one: Person) -> None:
    a_member(world)
    world.clock.advance(seconds=5)
    other = sign_in(api, one)
    page = api.get(SESSIONS, one).json
    assert page.keys() == {"data", "next_cursor"}
    assert [each.keys() for each in page["data"]] == [SHOWN] * 2
    assert [each["current"] for each in page["data"]] == [False, True]
    assert page["data"][0] == {
        "id": page["data"][0]["id"],
        "created_at": "2026-11-23T12:00:05.000Z",
        "last_used_at": "2026-11-23T12:00:05.000Z",
        "user_agent": "",
        "source_ip": "127.0.0.1",
        "current": False,
    }
    assert [each["current"] for each in api.get(SESSIONS, other.access).json["data"]] == [
        True,
        False,
    ]


def test_a_refresh_is_a_use(api: Api, world: World, one: Person) -> None:
    session = sign_in(api, one)
    world.clock.advance(seconds=60)
    refresh(api, session.refresh)
    used = {each["last_used_at"] for each in api.get(SESSIONS, one).json["data"]}
    assert used == {"2026-11-23T12:00:00.000Z", "2026-11-23T12:01:00.000Z"}


def test_an_ended_session_is_not_listed_and_its_token_dead_at_once(
    api: Api, world: World, one: Person
) -> None:
    other = sign_in(api, one)
    [id] = [each["id"] for each in api.get(SESSIONS, one).json["data"] if not each["current"]]
    answer = api.delete(f"{SESSIONS}/{id}", one)
    assert (answer.status, answer.text) == (204, "")
    assert not is_let_in(api, other.access)
    assert refresh(api, other.refresh).status == 401
    assert len(api.get(SESSIONS, one).json["data"]) == 1
    assert told(api.delete(f"{SESSIONS}/{id}", one)) == (404, "Not Found")


def test_ones_own_present_session_may_be_ended_too(api: Api, one: Person) -> None:
    assert api.delete(f"{SESSIONS}/{one.claims.session_id}", one).status == 204
    assert not is_let_in(api, one)


def test_anothers_session_does_not_exist(api: Api, world: World, one: Person) -> None:
    other = a_member(world)
    answer = api.delete(f"{SESSIONS}/{other.claims.session_id}", one)
    assert told(answer) == (404, "Not Found")
    assert is_let_in(api, other)


@pytest.mark.parametrize("id", ["x", "null", "%00", "..", "'", "x" * 3000, "0" * 42, "\u00df" * 42])
def test_an_id_of_no_session_is_a_404(api: Api, one: Person, id: str) -> None:
    assert told(api.delete(f"{SESSIONS}/{id}", one)) == (404, "Not Found")
    assert told(api.delete(f"{SESSIONS}/{id}", None)) == (401, "Unauthorized")


def test_dead_sessions_are_not_listed(api: Api, world: World, one: Person) -> None:
    sign_in(api, one)
    world.clock.advance(ms=30 * DAY - 1)
    fresh = api.login(one.user.email, PASSWORD).json["access_token"]
    world.clock.advance(ms=1)
    assert [each["current"] for each in api.get(SESSIONS, fresh).json["data"]] == [True]

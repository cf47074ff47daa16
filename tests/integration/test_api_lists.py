"""Lists over HTTP: limits, links that lead to the end, cursors that fit one list alone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest

from tests.contracts.dead_letters import a_letter
from tests.integration.api import Answer, Api
from tests.integration.members import USER, USERS, a_member, sign_in
from tests.samples import an_entry
from tests.world import Person, World

SESSIONS, AUDIT = "/v1/users/me/sessions", "/v1/admin/audit"
LETTERS = "/v1/admin/dead-letters"
LISTS = (USERS, SESSIONS, AUDIT, LETTERS)
BASE = "https://localhost"
"""What a link begins with where no public address is set."""


@pytest.fixture(autouse=True)
def some_of_each(world: World, api: Api, root: Person) -> None:
    """Of each at least five, whoever root is."""
    for n in range(5):
        world.somebody(email=f"user{n}@example.com", is_active=n % 2 == 0)
        world.trail.append(an_entry(actor=root.user.id))
        world.dead_letters.add(a_letter())
    root_again = a_member(world, is_superuser=True)
    for _ in range(5):
        sign_in(api, root_again)


@pytest.fixture
def boss(world: World) -> Person:
    """A superuser with six sessions."""
    return a_member(world, is_superuser=True)


def link_of(answer: Answer) -> str:
    """The path of the next page."""
    link: str = answer.headers["Link"]
    address, _, relation = link.partition(">; ")
    assert relation == 'rel="next"'
    assert address.startswith(f"<{BASE}/")
    return address.removeprefix(f"<{BASE}")


def pages(api: Api, who: Person, path: str) -> Iterator[Answer]:
    """Every page, by the links."""
    answer = api.get(path, who)
    yield answer
    while answer.json["next_cursor"] is not None:
        answer = api.get(link_of(answer), who)
        assert answer.status == 200
        yield answer


@pytest.mark.parametrize("query", ["", "&is_active=true", "&is_active=false"])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_links_of_the_users_lead_to_every_one_of_them_once(
    api: Api, world: World, root: Person, limit: int, query: str
) -> None:
    found = list(pages(api, root, f"{USERS}?limit={limit}{query}"))
    emails = [user["email"] for page in found for user in page.json["data"]]
    wanted = {"": (True, False), "&is_active=true": (True,), "&is_active=false": (False,)}[query]
    assert emails == [user.email for user in world.users.all() if user.is_active in wanted]
    assert all(len(page.json["data"]) <= limit for page in found)


@pytest.mark.parametrize("path", LISTS)
def test_the_last_page_has_neither_cursor_nor_link(api: Api, root: Person, path: str) -> None:
    *others, last = pages(api, root, f"{path}?limit=1")
    assert last.json["next_cursor"] is None
    assert "Link" not in last.headers
    assert all(page.json.keys() == {"data", "next_cursor"} for page in (*others, last))
    assert all(page.json["next_cursor"] in unquote_plus(link_of(page)) for page in others)


def test_the_links_of_the_sessions_lead_to_every_one_of_them_once(
    api: Api, world: World, boss: Person
) -> None:
    for _ in range(4):
        world.clock.advance(ms=1)
        sign_in(api, boss)
    found = [
        each["id"] for page in pages(api, boss, f"{SESSIONS}?limit=2") for each in page.json["data"]
    ]
    mine = [id for user_id, id in world.memory.sessions if user_id == boss.user.id]
    assert found == sorted(mine, reverse=True)


def test_the_links_of_the_audit_keep_its_filters(api: Api, world: World, root: Person) -> None:
    path = f"{AUDIT}?limit=2&actor={root.user.id}&since=2026-11-23T12:00:00Z&event=login"
    found = [each for page in pages(api, root, path) for each in page.json["data"]]
    assert len(found) == 5
    assert {each["actor"] for each in found} == {root.user.id}


def test_twenty_are_a_page_where_no_limit_is_given(api: Api, world: World, root: Person) -> None:
    for n in range(30):
        world.somebody(email=f"more{n}@example.com")
    assert len(api.get(USERS, root).json["data"]) == 20
    assert len(api.get(f"{USERS}?limit=", root).json["data"]) == 20


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "limit",
    ["0", "-1", "101", "x", "1.0", "1_0", "+5", "5.0", "1e1", "\u0663", "9" * 5000, "null", "NaN"],
)
def test_a_bad_limit_is_a_422(api: Api, root: Person, path: str, limit: str) -> None:
    answer = api.get(path, root, limit=limit)
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    assert answer.json["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", ["x", "a.b.c", "=", "\u00e4", "\x00", "' OR 1=1", "x" * 5000])
def test_what_was_never_a_cursor_is_a_422(api: Api, root: Person, path: str, cursor: str) -> None:
    answer = api.get(path, root, cursor=cursor)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/cursor")


def cursor_of(api: Api, who: Person, path: str) -> str:
    cursor = api.get(path, who, limit=1).json["next_cursor"]
    assert isinstance(cursor, str)
    return cursor


def is_refused(answer: Answer) -> bool:
    return answer.status == 422 and answer.json["errors"][0]["pointer"] == "/cursor"


def test_the_cursor_of_another_list_is_a_422(api: Api, root: Person, boss: Person) -> None:
    sign_in(api, boss)
    for path in LISTS:
        cursor = cursor_of(api, boss, path)
        assert api.get(path, boss, cursor=cursor).status == 200
        for other in LISTS:
            assert other == path or is_refused(api.get(other, boss, cursor=cursor))


@pytest.mark.parametrize("path", LISTS)
def test_the_cursor_of_another_user_is_a_422(
    api: Api, root: Person, boss: Person, path: str
) -> None:
    sign_in(api, boss)
    assert is_refused(api.get(path, root, cursor=cursor_of(api, boss, path)))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (USERS, {"is_active": "true"}),
        (AUDIT, {"event": "login"}),
        (AUDIT, {"since": "2026-11-23T00:00:00Z"}),
    ],
)
def test_the_cursor_of_another_filter_is_a_422(
    api: Api, root: Person, path: str, query: dict[str, Any]
) -> None:
    cursor = cursor_of(api, root, path)
    assert is_refused(api.get(path, root, cursor=cursor, **query))
    assert api.get(path, root, cursor=cursor, limit=7).status == 200


def test_a_cursor_that_was_tampered_with_is_a_422(api: Api, root: Person) -> None:
    cursor = cursor_of(api, root, USERS)
    for broken in (cursor[:-1], cursor + "x", cursor.swapcase()):
        assert is_refused(api.get(USERS, root, cursor=broken))


def found(api: Api, root: Person, **query: Any) -> list[str]:
    answer = api.get(USERS, root, **query)
    assert answer.status == 200, answer.text
    assert all(user.keys() == USER for user in answer.json["data"])
    return [user["email"] for user in answer.json["data"]]


@pytest.mark.parametrize(
    "email",
    [
        "user2@example.com",
        " USER2@Example.com ",
        "\uff55ser2@example.com",
        "user2@example\u3002com",
    ],
)
def test_a_user_is_found_by_any_spelling_of_the_address(api: Api, root: Person, email: str) -> None:
    assert found(api, root, email=email) == ["user2@example.com"]
    assert found(api, root, email=email, is_active="true") == ["user2@example.com"]
    assert found(api, root, email=email, is_active="false") == []


def test_a_domain_is_one_in_unicode_and_in_punycode(api: Api, world: World, root: Person) -> None:
    world.somebody(email="ada@b\u00fccher.example")
    assert found(api, root, email="ada@xn--bcher-kva.example") == ["ada@b\u00fccher.example"]


@pytest.mark.parametrize("email", ["nobody@example.com", "user", "%", "*", "x" * 320, "\x00", "@"])
def test_an_address_of_nobody_finds_nobody(api: Api, root: Person, email: str) -> None:
    assert found(api, root, email=email) == []


def test_empty_filters_are_none(api: Api, world: World, root: Person) -> None:
    everybody = found(api, root, limit=100)
    assert found(api, root, email="", is_active="", limit="", cursor="") == everybody


@pytest.mark.parametrize(
    "query",
    [{"is_active": each} for each in ("yes", "1", "True", "null", "x")] + [{"email": "x" * 321}],
)
def test_what_is_no_filter_is_a_422(api: Api, root: Person, query: dict[str, Any]) -> None:
    answer = api.get(USERS, root, **query)
    assert (answer.status, answer.json["code"]) == (422, "invalid")


def test_only_superusers_list_users(api: Api, ada: Person) -> None:
    assert api.get(USERS).status == 401
    assert api.get(USERS, ada, limit="x").status == 403
    assert api.get(USERS, limit="x").status == 401


def test_sessions_are_only_ones_own(api: Api, world: World, ada: Person) -> None:
    assert [each["id"] for each in api.get(SESSIONS, ada).json["data"]] == [ada.claims.session_id]
    assert api.get(SESSIONS).status == 401

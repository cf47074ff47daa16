"""Access policies and grants, over HTTP."""

from typing import Any

import pytest

from chalicelib.domain.accounts.audit import Event
from tests.integration.api import Api
from tests.samples import PLACE, a_user
from tests.world import Person, World

POLICIES = "/v1/access-policies"
BASE = {
    "id": 1,
    "name": "base",
    "daily_api_calls": 1000,
    "monthly_api_calls": 30000,
    "retention_days": 30,
}
TRIAL = {"name": "trial", "daily_api_calls": 5, "monthly_api_calls": None, "retention_days": 7}


def grants_of(person: Person) -> str:
    return f"/v1/users/{person.user.id}/grants"


def test_a_policy_is_made_and_found(api: Api, root: Person) -> None:
    made = api.post(POLICIES, root, TRIAL)
    assert (made.status, made.json) == (201, {"id": 2, **TRIAL})
    assert made.headers["Location"] == f"https://localhost{POLICIES}/2"
    assert api.get(f"{POLICIES}/2", root).json == made.json
    assert api.get(POLICIES, root).json == {"data": [BASE, made.json], "next_cursor": None}


def test_what_is_left_out_of_a_new_policy_is_no_limit_and_thirty_days(
    api: Api, root: Person
) -> None:
    made = api.post(POLICIES, root, {"name": "open"}).json
    assert (made["daily_api_calls"], made["monthly_api_calls"]) == (None, None)
    assert made["retention_days"] == 30


def test_a_name_is_taken_once(api: Api, root: Person) -> None:
    api.post(POLICIES, root, TRIAL)
    for answer in (
        api.post(POLICIES, root, TRIAL),
        api.patch(f"{POLICIES}/1", root, {"name": "trial"}),
    ):
        assert (answer.status, answer.json["code"]) == (409, "policy-name-taken")
    assert len(api.get(POLICIES, root).json["data"]) == 2


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({}, {}),
        ({"daily_api_calls": None}, {"daily_api_calls": None}),
        ({"monthly_api_calls": 0}, {"monthly_api_calls": 0}),
        ({"name": "basic", "retention_days": 365}, {"name": "basic", "retention_days": 365}),
        ({"name": "base"}, {}),
    ],
)
def test_a_change_is_of_what_it_says_and_null_is_no_limit(
    api: Api, root: Person, change: dict[str, Any], after: dict[str, Any]
) -> None:
    answer = api.patch(f"{POLICIES}/1", root, change)
    assert (answer.status, answer.json) == (200, BASE | after)
    assert api.get(f"{POLICIES}/1", root).json == answer.json


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", "x" * 101),
        ("name", "a\nb"),
        ("name", 7),
        ("daily_api_calls", -1),
        ("daily_api_calls", 1.5),
        ("daily_api_calls", "5"),
        ("daily_api_calls", True),
        ("monthly_api_calls", 10**40),
        ("monthly_api_calls", 10**4000),
        ("retention_days", 0),
        ("retention_days", 366),
        ("retention_days", None),
    ],
)
def test_what_no_policy_can_be_is_named(api: Api, root: Person, field: str, value: Any) -> None:
    wrong = {field: value}
    for answer in (
        api.post(POLICIES, root, TRIAL | wrong),
        api.patch(f"{POLICIES}/1", root, wrong),
    ):
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, f"/{field}")
    assert api.get(POLICIES, root).json["data"] == [BASE]


@pytest.mark.parametrize("id", ["2", "0", "01", "-1", "1.0", "base", "9" * 30, "\u0661", "%00"])
def test_a_policy_that_is_not_there_is_a_404(api: Api, root: Person, id: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        assert api.ask(method, f"{POLICIES}/{id}", root, b"{").status == 404


def test_a_policy_in_use_is_not_removed(api: Api, root: Person, ada: Person) -> None:
    api.ask("PUT", f"{grants_of(ada)}/temperature", root, b'{"access_policy_id": 1}')
    refused = api.delete(f"{POLICIES}/1", root)
    assert (refused.status, refused.json["code"]) == (409, "policy-in-use")
    api.delete(f"{grants_of(ada)}/2", root)
    assert api.delete(f"{POLICIES}/1", root).status == 204
    assert api.delete(f"{POLICIES}/1", root).status == 404


def test_a_policy_of_users_who_are_gone_is_removed(
    api: Api, world: World, root: Person, ada: Person
) -> None:
    assert api.delete(f"/v1/users/{ada.user.id}", root).status == 204
    assert api.delete(f"{POLICIES}/1", root).status == 204


def test_a_changed_policy_binds_those_who_were_granted_it_before(
    api: Api, root: Person, ada: Person
) -> None:
    api.ask("PUT", f"{grants_of(ada)}/temperature", root, b'{"access_policy_id": 1}')
    api.patch(f"{POLICIES}/1", root, {"daily_api_calls": 0})
    refused = api.post("/v1/models/temperature/predictions", ada, {"input": PLACE})
    assert (refused.status, refused.json["violated-policies"]) == (429, ["daily"])


def test_the_links_of_the_policies_lead_to_every_one_of_them(api: Api, root: Person) -> None:
    for n in range(4):
        api.post(POLICIES, root, {"name": f"policy {n}"})
    path, found = f"{POLICIES}?limit=2", []
    while path:
        answer = api.get(path, root)
        found += [policy["id"] for policy in answer.json["data"]]
        path = answer.headers.get("Link", "").partition(">")[0].removeprefix("<https://localhost")
    assert found == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"cursor": "x"}])
def test_a_bad_limit_or_cursor_of_the_policies_is_a_422(
    api: Api, root: Person, query: dict[str, str]
) -> None:
    answer = api.get(POLICIES, root, **query)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, f"/{next(iter(query))}")


def test_a_grant_is_made_changed_listed_and_ended(api: Api, world: World, root: Person) -> None:
    person = world.somebody()
    api.post(POLICIES, root, TRIAL)
    made = api.ask("PUT", f"{grants_of(person)}/2", root, b'{"access_policy_id": 1}')
    expected = {
        "user_id": person.user.id,
        "model": "temperature",
        "access_policy_id": 1,
        "expires_at": None,
        "granted_at": "2026-11-23T12:00:00.000Z",
    }
    assert (made.status, made.json) == (200, expected)
    changed = api.ask(
        "PUT",
        f"{grants_of(person)}/temperature",
        root,
        b'{"access_policy_id": 2, "expires_at": "2027-01-01T01:00:00+01:00"}',
    )
    expected |= {"access_policy_id": 2, "expires_at": "2027-01-01T00:00:00.000Z"}
    assert (changed.status, changed.json) == (200, expected)
    assert api.get(grants_of(person), root).json == {"data": [expected]}
    assert api.delete(f"{grants_of(person)}/temperature", root).status == 204
    assert api.delete(f"{grants_of(person)}/temperature", root).status == 404
    assert api.get(grants_of(person), root).json == {"data": []}


def test_a_grant_lets_in_until_it_expires(api: Api, world: World, root: Person) -> None:
    person = world.somebody()
    body = b'{"access_policy_id": 1, "expires_at": "2026-11-23T12:00:01Z"}'
    api.ask("PUT", f"{grants_of(person)}/2", root, body)
    submit = "/v1/models/2/predictions"
    assert api.post(submit, person, {"input": PLACE}).status == 202
    world.clock.advance(seconds=1)
    assert api.post(submit, person, {"input": PLACE}).status == 403
    assert len(api.get(grants_of(person), root).json["data"]) == 1


def test_what_was_listed_can_be_put_back(api: Api, world: World, root: Person) -> None:
    person = world.somebody()
    world.grant(person, "sentiment", expires_at=1)
    [listed] = api.get(grants_of(person), root).json["data"]
    again = {name: listed[name] for name in ("access_policy_id", "expires_at")}
    raw = str(again).replace("'", '"').encode()
    answer = api.ask("PUT", f"{grants_of(person)}/sentiment", root, raw)
    assert (answer.status, answer.json) == (200, listed)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'{"access_policy_id": "1"}',
        b'{"access_policy_id": null}',
        b'{"access_policy_id": 1, "expires_at": 1}',
        b'{"access_policy_id": 1, "expires_at": 1767225600.5}',
        b'{"access_policy_id": 1, "expires_at": true}',
        b'{"access_policy_id": 1, "expires_at": "1767225600"}',
        b'{"access_policy_id": 1, "expires_at": "2027-01-01"}',
        b'{"access_policy_id": 1, "expires_at": "2027-01-01T00:00:00"}',
        b'{"access_policy_id": 1, "expires_at": "2027-02-30T00:00:00Z"}',
        b'{"access_policy_id": 1, "expires_at": "2027-01-01T00:00:00+25:00"}',
        b'{"access_policy_id": 1, "expires_at": "0001-01-01T00:00:00+23:59"}',
        b'{"access_policy_id": 1, "expires_at": "1970-01-01T00:00:00Z"}',
        b'{"access_policy_id": 1, "expires_at": "9999-12-31T23:59:59-23:59"}',
    ],
)
def test_what_is_no_grant_is_a_422(api: Api, world: World, root: Person, body: bytes) -> None:
    person = world.somebody()
    assert api.ask("PUT", f"{grants_of(person)}/2", root, body).status == 422
    assert not world.memory.grants


@pytest.mark.parametrize("policy", ["9", "0", "-1", "1" + "0" * 4000])
def test_an_unknown_policy_is_a_404(api: Api, world: World, root: Person, policy: str) -> None:
    body = b'{"access_policy_id": %s}' % policy.encode()
    answer = api.ask("PUT", f"{grants_of(world.somebody())}/2", root, body)
    assert (answer.status, answer.json["detail"][:21]) == (404, "Access policy with id")


@pytest.mark.parametrize("model", ["9", "nonsense", "No Name", "x" * 3000, "%00", "a#b"])
def test_an_unknown_model_is_a_404(api: Api, world: World, root: Person, model: str) -> None:
    path = f"{grants_of(world.somebody())}/{model}"
    assert api.ask("PUT", path, root, b'{"access_policy_id": 1}').status == 404
    assert api.delete(path, root).status == 404


@pytest.mark.parametrize("id", [a_user().id, "nonsense", "x" * 3000])
def test_an_unknown_user_is_a_404(api: Api, root: Person, id: str) -> None:
    path = f"/v1/users/{id}/grants"
    assert api.get(path, root).status == 404
    assert api.ask("PUT", f"{path}/2", root, b"{").status == 404
    assert api.delete(f"{path}/2", root).status == 404


def test_the_grant_of_a_model_that_left_the_catalogue_is_seen_and_ended(
    api: Api, world: World, root: Person
) -> None:
    person = world.somebody()
    world.grant(person, "retired")
    assert [each["model"] for each in api.get(grants_of(person), root).json["data"]] == ["retired"]
    assert api.delete(f"{grants_of(person)}/retired", root).status == 204


ROUTES = [
    ("GET", POLICIES),
    ("POST", POLICIES),
    ("GET", f"{POLICIES}/1"),
    ("PATCH", f"{POLICIES}/1"),
    ("DELETE", f"{POLICIES}/9"),
    ("GET", "/v1/users/x/grants"),
    ("PUT", "/v1/users/x/grants/9"),
    ("DELETE", "/v1/users/x/grants/9"),
    ("PATCH", "/v1/models/9"),
    ("GET", "/v1/admin/queue"),
    ("GET", "/v1/admin/dead-letters"),
    ("POST", "/v1/admin/dead-letters/redrive"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_a_superuser_may(api: Api, ada: Person, method: str, path: str) -> None:
    assert api.ask(method, path, None, b"{").status == 401
    assert api.ask(method, path, ada, b"{").status == 403


def test_changes_of_policies_and_grants_are_audited(
    api: Api, world: World, root: Person, ada: Person
) -> None:
    api.post(POLICIES, root, TRIAL)
    api.patch(f"{POLICIES}/2", root, {})
    api.ask("PUT", f"{grants_of(ada)}/2", root, b'{"access_policy_id": 2}')
    api.delete(f"{grants_of(ada)}/2", root)
    api.delete(f"{POLICIES}/2", root)
    found = [(each.event, each.target) for each in world.trail.entries]
    policy, grant = (Event.POLICY_CHANGED, "policy 2"), (Event.GRANT_CHANGED, ada.user.id)
    assert found == [policy, policy, grant, grant, policy]
    assert {each.actor for each in world.trail.entries} == {root.user.id}

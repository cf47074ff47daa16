"""There is always a superuser."""

import json

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import Account, at_once, somebody, statuses


@pytest.fixture
def admin(lambent: Lambent) -> httpx.Client:
    """The seeded superuser, who has just signed in."""
    return lambent.client("admin@example.com")


@pytest.fixture
def me(admin: httpx.Client) -> str:
    """The seeded superuser's own place, where no other superuser is left."""
    return f"/v1/users/{admin.get('/v1/users/me').json()['id']}"


def test_the_last_one_can_neither_be_demoted_nor_deactivated_nor_deleted(
    lambent: Lambent, admin: httpx.Client, me: str
) -> None:
    _demote_all_others(lambent, admin, me)

    refused = [
        admin.patch(me, json={"is_superuser": False}),
        admin.patch(me, json={"is_active": False}),
        admin.delete(me),
        admin.request("DELETE", "/v1/users/me"),
    ]

    assert [(each.status_code, each.json()["detail"]) for each in refused] == [
        (409, "LAST_SUPERUSER")
    ] * 4
    assert admin.get(me).json()["is_superuser"] is True


def test_the_command_line_refuses_it_too(lambent: Lambent, admin: httpx.Client, me: str) -> None:
    _demote_all_others(lambent, admin, me)

    refused = lambent.run("users", "deactivate", "admin@example.com")

    assert refused.returncode == 1
    assert "superuser" in refused.stderr + refused.stdout


def test_of_two_who_demote_each_other_one_stays(
    lambent: Lambent, admin: httpx.Client, me: str
) -> None:
    pair = [_superuser(lambent) for _ in range(2)]
    # The seeded one steps back for a moment, so that these two are the last.
    admin.patch(me, json={"is_superuser": False}).raise_for_status()

    answers = at_once(
        lambda i: pair[i].ask("PATCH", f"/v1/users/{pair[1 - i].id}", json={"is_superuser": False}),
        2,
    )

    lambent.run("users", "promote", "admin@example.com")
    left = [each.ask("GET", "/v1/users").status_code for each in pair]
    assert sorted(left) == [200, 403]
    assert statuses(answers)[0] == 200
    assert statuses(answers)[1] in (403, 409)


def _superuser(lambent: Lambent) -> Account:
    one = somebody(lambent, "second")
    assert lambent.run("users", "promote", one.email).returncode == 0
    return one


def _demote_all_others(lambent: Lambent, admin: httpx.Client, me: str) -> None:
    for user in json.loads(lambent.run("users", "ls", "--json").stdout):
        if user["is_superuser"] and not me.endswith(user["id"]):
            admin.patch(f"/v1/users/{user['id']}", json={"is_superuser": False})

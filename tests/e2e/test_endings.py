"""Whatever ends a session acts on the very next request, on API keys too."""

from collections.abc import Callable

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import PASSWORD, Account, somebody

OTHER = "another long and private sentence"
Ending = Callable[[Account, httpx.Client], httpx.Response]


def change_password(one: Account, admin: httpx.Client) -> httpx.Response:
    body = {"password": OTHER, "current_password": PASSWORD}
    return one.ask("PATCH", "/v1/users/me", json=body)


def reset(one: Account, admin: httpx.Client) -> httpx.Response:
    one.http.post("/v1/auth/forgot-password", json={"email": one.email})
    body = {"token": one.mailed_token(), "password": OTHER}
    return one.http.post("/v1/auth/reset-password", json=body)


def sign_out_everywhere(one: Account, admin: httpx.Client) -> httpx.Response:
    return one.ask("POST", "/v1/auth/logout-all")


def deactivate(one: Account, admin: httpx.Client) -> httpx.Response:
    return admin.patch(f"/v1/users/{one.id}", json={"is_active": False})


def be_given_a_password(one: Account, admin: httpx.Client) -> httpx.Response:
    return admin.patch(f"/v1/users/{one.id}", json={"password": OTHER})


def delete_oneself(one: Account, admin: httpx.Client) -> httpx.Response:
    return one.ask("DELETE", "/v1/users/me", json={"current_password": PASSWORD})


def be_deleted(one: Account, admin: httpx.Client) -> httpx.Response:
    return admin.delete(f"/v1/users/{one.id}")


@pytest.mark.parametrize(
    "ending",
    [
        change_password,
        reset,
        sign_out_everywhere,
        deactivate,
        be_given_a_password,
        delete_oneself,
        be_deleted,
    ],
)
def test_it_ends_every_session_and_key_at_once(
    lambent: Lambent, admin: httpx.Client, ending: Ending
) -> None:
    one = somebody(lambent, "leaver")
    other = one.sign_in_again()
    key = {"Authorization": f"Bearer {one.api_key('models:read')}"}
    assert one.http.get("/v1/models", headers=key).status_code == 200

    assert ending(one, admin).status_code in (200, 204)

    assert one.http.get("/v1/models", headers=key).status_code == 401
    assert not one.is_let_in()
    assert not other.is_let_in()
    refreshed = other.http.post("/v1/auth/jwt/refresh", json=_refresh_of(other))
    assert refreshed.status_code == 401


def test_signing_out_ends_this_session_alone(lambent: Lambent) -> None:
    one = somebody(lambent, "leaver")
    other = one.sign_in_again()

    assert one.ask("POST", "/v1/auth/jwt/logout").status_code == 204

    assert not one.is_let_in()
    assert one.http.post("/v1/auth/jwt/refresh", json=_refresh_of(one)).status_code == 401
    assert other.is_let_in()


def test_a_reactivated_user_has_to_sign_in_again(lambent: Lambent, admin: httpx.Client) -> None:
    one = somebody(lambent, "sleeper")
    for is_active in (False, True):
        admin.patch(f"/v1/users/{one.id}", json={"is_active": is_active})

    assert not one.is_let_in()
    assert one.sign_in().is_let_in()


def test_a_session_of_the_same_second_as_logout_all_dies_too(lambent: Lambent) -> None:
    one = somebody(lambent, "hasty")
    others = [one.sign_in_again() for _ in range(3)]

    one.ask("POST", "/v1/auth/logout-all")

    assert not any(each.is_let_in() for each in [one, *others])
    assert one.sign_in().is_let_in()


def test_a_demoted_superuser_administers_no_more(lambent: Lambent, admin: httpx.Client) -> None:
    one = somebody(lambent, "fallen")
    assert lambent.run("users", "promote", one.email).returncode == 0
    assert one.ask("GET", "/v1/users").status_code == 200

    admin.patch(f"/v1/users/{one.id}", json={"is_superuser": False})

    refused = one.ask("GET", "/v1/users")
    assert (refused.status_code, refused.json()["detail"]) == (403, "Forbidden")


def test_one_session_of_the_list_can_be_ended(lambent: Lambent) -> None:
    one = somebody(lambent, "tidy")
    other = one.sign_in_again()
    listed = one.ask("GET", "/v1/users/me/sessions").json()["data"]
    assert [each["current"] for each in listed] == [False, True]

    ended = one.ask("DELETE", f"/v1/users/me/sessions/{listed[0]['id']}")

    assert ended.status_code == 204
    assert one.is_let_in()
    assert not other.is_let_in()
    again = one.ask("DELETE", f"/v1/users/me/sessions/{listed[0]['id']}")
    assert again.status_code == 404


def _refresh_of(one: Account) -> dict[str, str]:
    return {"refresh_token": one.tokens["refresh_token"]}

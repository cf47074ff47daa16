"""A Lambent with its real limits, short tokens and proven addresses, as its settings say."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from threading import Event

import httpx
import pytest

from tests.e2e.conftest import Lambent
from tests.e2e.people import LOGIN, PASSWORD, REFRESH, Account
from tests.emulators import eventually, workspace_in

SETTINGS = {"REQUIRE_VERIFICATION": "1", "ADDRESS_LIMIT_FACTOR": "1"}
A_MINUTE = 60


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lambent]:
    with ExitStack() as closing:
        workspace = workspace_in(tmp_path_factory.mktemp("strict"))
        running = Lambent(workspace, closing, settings=SETTINGS)
        closing.callback(running.run, "down", "--wipe")
        up = running.up()
        assert up.returncode == 0, up.stdout + up.stderr
        yield running


def verified(strict: Lambent, email: str) -> Account:
    added = strict.run("users", "add", email, "--verified", "--password-stdin", stdin=PASSWORD)
    assert added.returncode == 0, added.stderr
    return Account(strict, email)


def test_an_unproven_address_has_to_be_proven_first(strict: Lambent) -> None:
    one = Account(strict, "unproven@example.com").register()
    wrong = one.try_to_sign_in("wrong password no. 1")
    right = one.try_to_sign_in()
    one.http.post("/v1/auth/request-verify-token", json={"email": one.email})
    one.http.post("/v1/auth/verify", json={"token": one.mailed_token()})

    assert (wrong.status_code, wrong.json()["detail"]) == (400, "LOGIN_BAD_CREDENTIALS")
    assert (right.status_code, right.json()["detail"]) == (400, "LOGIN_USER_NOT_VERIFIED")
    assert one.sign_in().is_let_in()


def test_who_is_no_longer_verified_is_a_403(strict: Lambent) -> None:
    one = verified(strict, "mover@example.com").sign_in()
    one.ask("PATCH", "/v1/users/me", json={"email": "moved@example.com"})

    refused = one.ask("GET", "/v1/users/me")

    assert (refused.status_code, refused.json()["detail"]) == (403, "Forbidden")


def test_key_rotation_under_load_fails_no_request_and_a_revoked_key_dies_within_a_minute(
    strict: Lambent,
) -> None:
    one = verified(strict, "worker@example.com").sign_in()
    old = one.bearer
    kids = [key["kid"] for key in _keys(strict)]
    done = Event()

    with ThreadPoolExecutor(4) as crowd:
        load = [crowd.submit(_busy, strict, done) for _ in range(3)]
        rotated = strict.run("keys", "rotate")
        time.sleep(1)  # some requests after it
        done.set()
        seen = [status for each in load for status in each.result()]

    assert rotated.returncode == 0, rotated.stderr
    assert set(seen) == {200}, seen
    assert len(seen) > 10
    retired = next(key["kid"] for key in _keys(strict) if key["role"] == "previous")
    assert retired in kids
    revoked = strict.run("keys", "revoke", retired)
    assert revoked.returncode == 0, revoked.stderr
    assert eventually(lambda: _status(one, old) == 401, A_MINUTE, between=0.5)
    published = one.http.get("/.well-known/jwks.json").json()["keys"]
    assert retired not in {key["kid"] for key in published}


def test_a_token_expires_as_the_settings_say_and_is_refreshed(strict: Lambent) -> None:
    short = replace(strict, settings={**SETTINGS, "ACCESS_TOKEN_SECONDS": "2"})
    assert short.up().returncode == 0
    one = verified(short, "lasting@example.com").sign_in()
    assert one.tokens["expires_in"] == 2

    assert eventually(lambda: not one.is_let_in())

    refreshed = one.http.post(REFRESH, json={"refresh_token": one.tokens["refresh_token"]})
    one.tokens = refreshed.json()
    assert one.is_let_in()


def test_a_setting_that_is_no_value_is_refused_before_anything_is_done(strict: Lambent) -> None:
    wrong = replace(strict, settings={**SETTINGS, "ADDRESS_LIMIT_FACTOR": "many"})

    refused = wrong.up()

    assert refused.returncode == 1
    assert "ADDRESS_LIMIT_FACTOR" in refused.stderr + refused.stdout


def test_one_address_fails_thirty_times_over_all_accounts(strict: Lambent) -> None:
    """Comes last: this address is refused from here on."""
    guesser = Account(strict, "guesser@example.com")
    seen = []
    for n in range(40):
        form = {"username": f"victim-{n}@example.com", "password": "wrong password no. 1"}
        spoofed = {"X-Forwarded-For": f"198.51.100.{n}"}
        seen.append(guesser.http.post(LOGIN, data=form, headers=spoofed))

    assert {answer.status_code for answer in seen[:20]} == {400}
    assert {answer.status_code for answer in seen[32:]} == {429}
    assert 1 <= int(seen[-1].headers["retry-after"]) <= 900


def _keys(strict: Lambent) -> list[dict[str, str]]:
    told = strict.run("keys", "ls", "--json")
    assert told.returncode == 0, told.stderr
    found: list[dict[str, str]] = json.loads(told.stdout)
    return found


def _busy(strict: Lambent, done: Event) -> list[int]:
    """Sign in and ask, again and again; every status that was met."""
    form = {"username": "worker@example.com", "password": PASSWORD}
    seen: list[int] = []
    with httpx.Client(base_url=strict.workspace.public_url, timeout=60) as http:
        while not done.is_set():
            answer = http.post(LOGIN, data=form)
            seen.append(answer.status_code)
            bearer = {"Authorization": f"Bearer {answer.json().get('access_token')}"}
            seen += [http.get("/v1/users/me", headers=bearer).status_code for _ in range(5)]
    return seen


def _status(one: Account, bearer: dict[str, str]) -> int:
    return one.http.get("/v1/users/me", headers=bearer).status_code

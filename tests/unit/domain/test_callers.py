from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.callers import FRESH, Caller, Origin, caller_of
from tests.samples import NOW, a_key, a_session, a_user, claims_of, key_claims_of

USER = a_user(session_version=2)
SESSION = a_session(USER)
KEY = a_key(USER)
BY_SESSION: dict[str, Any] = {
    "credential": claims_of(SESSION),
    "user": USER,
    "proof": SESSION,
    "now": NOW,
}
BY_KEY: dict[str, Any] = {**BY_SESSION, "credential": key_claims_of(KEY), "proof": KEY}


def test_who_proves_a_living_session_or_key_of_an_active_user_is_that_user() -> None:
    assert caller_of(**BY_SESSION) == Caller(USER, SESSION)
    assert caller_of(**BY_KEY) == Caller(USER, KEY)


@pytest.mark.parametrize("base", [BY_SESSION, BY_KEY])
@pytest.mark.parametrize(
    "changed",
    [
        {"user": None},
        {"proof": None},
        {"user": replace(USER, is_active=False)},
        {"user": replace(USER, session_version=3)},
        {"user": replace(USER, session_version=1)},
        {"user": a_user(session_version=2)},
        {"user": replace(USER, id=a_user().id)},
    ],
)
def test_a_user_who_is_gone_inactive_or_another_is_nobody(
    base: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert caller_of(**{**base, **changed}) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"proof": replace(SESSION, version=1)},
        {"proof": replace(SESSION, user_id=a_user().id)},
        {"proof": replace(SESSION, expires_at=NOW)},
        {"proof": a_session(USER)},
        {"proof": KEY},
        {"credential": replace(claims_of(SESSION), session_version=1)},
        {"credential": replace(claims_of(SESSION), user_id=a_user().id)},
        {"credential": key_claims_of(KEY)},
        # Both raised: neither alone would be noticed, together they are another version.
        {
            "credential": replace(claims_of(SESSION), session_version=3),
            "proof": replace(SESSION, version=3),
        },
    ],
)
def test_a_session_that_is_ended_or_not_the_tokens_is_nobodys(changed: dict[str, Any]) -> None:
    assert caller_of(**{**BY_SESSION, **changed}) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"proof": replace(KEY, version=1)},
        {"proof": replace(KEY, user_id=a_user().id)},
        {"proof": replace(KEY, expires_at=NOW)},
        {"proof": replace(KEY, digest="0" * 64)},
        {"proof": a_key(USER)},
        {"proof": SESSION},
        {"credential": replace(key_claims_of(KEY), digest="0" * 64)},
        {"credential": claims_of(SESSION)},
    ],
)
def test_a_key_that_is_ended_or_not_the_one_shown_is_nobodys(changed: dict[str, Any]) -> None:
    assert caller_of(**{**BY_KEY, **changed}) is None


def test_sessions_and_keys_live_up_to_their_last_millisecond() -> None:
    assert caller_of(**{**BY_SESSION, "now": SESSION.expires_at - 1})
    assert caller_of(**{**BY_KEY, "now": KEY.expires_at - 1})


def test_a_superuser_has_the_power_with_a_session_and_not_with_a_key() -> None:
    root = replace(USER, is_superuser=True)
    assert Caller(root, SESSION).is_superuser
    assert not Caller(root, KEY).is_superuser
    assert not Caller(USER, SESSION).is_superuser


def test_only_a_session_is_the_session_of_a_request() -> None:
    assert Caller(USER, SESSION).session_id == SESSION.id
    assert Caller(USER, KEY).session_id is None


def test_a_session_may_everything() -> None:
    assert all(Caller(USER, SESSION).may(scope) for scope in (None, *Scope))


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_may_what_its_scopes_say_and_nothing_that_has_none(scope: Scope) -> None:
    caller = Caller(USER, replace(KEY, scopes=(scope,)))
    assert [each for each in (None, *Scope) if caller.may(each)] == [scope]


@pytest.mark.parametrize(("after", "fresh"), [(0, True), (FRESH - 1, True), (FRESH, False)])
def test_a_sign_in_is_fresh_for_ten_minutes(after: int, fresh: bool) -> None:
    assert Caller(USER, SESSION).has_just_signed_in(NOW + after) is fresh
    assert FRESH == 600_000


def test_a_refresh_makes_no_sign_in_fresh_again() -> None:
    refreshed = replace(SESSION, last_used_at=NOW + FRESH)
    assert not Caller(USER, refreshed).has_just_signed_in(NOW + FRESH)


def test_a_key_never_is_a_fresh_sign_in() -> None:
    assert not Caller(USER, KEY).has_just_signed_in(NOW)


def test_an_origin_says_who_acts_once_it_is_known() -> None:
    origin = Origin("203.0.113.7", "a browser", "r-1")
    assert origin.by("ada") == Origin("203.0.113.7", "a browser", "r-1", "ada")

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.users import canonical_email, email_address, holds, password_fault
from tests.samples import NOW, a_session, a_user, claims_of

USER = a_user(session_version=2)
SESSION = a_session(USER)
CLAIMS = claims_of(SESSION)


def test_a_token_of_a_living_session_of_an_active_user_holds() -> None:
    assert holds(CLAIMS, USER, SESSION, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"user": None},
        {"session": None},
        {"user": replace(USER, is_active=False)},
        {"user": replace(USER, session_version=3)},
        {"user": replace(USER, session_version=1)},
        {"user": a_user(session_version=2)},
        {"session": replace(SESSION, version=1)},
        {"session": replace(SESSION, user_id=a_user().id)},
        {"session": replace(SESSION, expires_at=NOW)},
        {"claims": replace(CLAIMS, session_version=1)},
        {"claims": replace(CLAIMS, user_id=a_user().id)},
    ],
)
def test_a_token_fails_in_each_of_these_ways(changed: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"claims": CLAIMS, "user": USER, "session": SESSION, "now": NOW}
    assert not holds(**{**whole, **changed})


def test_a_session_holds_up_to_its_last_millisecond() -> None:
    assert holds(CLAIMS, USER, SESSION, SESSION.expires_at - 1)


def test_the_password_hash_is_not_shown_with_its_user() -> None:
    assert "secret" not in repr(a_user(password_hash="secret"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada@EXAMPLE.com ", "Ada@example.com"),
        ("ada@xn--mnchen-3ya.example.com", "ada@münchen.example.com"),
        ("søren@example.com", "søren@example.com"),
    ],
)
def test_an_address_is_trimmed_and_its_domain_is_in_unicode(text: str, address: str) -> None:
    assert email_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "ada", "ada@", "@example.com", "a b@example.com", "a@b\n.com", "a@b..com"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        email_address(text)


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert "@" in email_address(text)


@given(st.text())
def test_canonical_is_final(text: str) -> None:
    assert canonical_email(canonical_email(text)) == canonical_email(text)


@pytest.mark.parametrize(
    "spelling",
    ["STRASSE@example.com", "straße@EXAMPLE.com", "ｓｔｒａｓｓｅ@example.com"],  # noqa: RUF001
)
def test_one_mailbox_has_one_canonical_spelling(spelling: str) -> None:
    assert canonical_email(spelling) == "strasse@example.com"


def test_a_password_of_enough_characters_is_acceptable() -> None:
    assert password_fault("fifteen letters", "ada@example.com", 15) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("fourteen chars", "at least 15 characters"),
        ("x" * 257, "at most 256 characters"),
        ("I am Ada.Lovelace, I am", "does not contain the e-mail address"),
    ],
)
def test_a_refused_password_is_told_why(password: str, reason: str) -> None:
    fault = password_fault(password, "Ada.Lovelace@example.com", 15)
    assert fault is not None
    assert reason in fault


def test_a_short_name_may_be_part_of_a_password() -> None:
    assert password_fault("a salad of letters", "al@example.com", 15) is None

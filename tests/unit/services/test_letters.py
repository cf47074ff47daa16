import re
from html import unescape

import pytest

from chalicelib.domain.accounts.letters import ASKED_FOR, Kind, Letter
from chalicelib.services.accounts.letters import Mail, written

URL = "https://api.example.com/api"
TOKEN = "a1b2c3"


def mail(kind: Kind, seconds: int = 3600, **facts: str) -> Mail:
    return written(Letter(kind, "ada@example.com", "r-1", facts), URL, TOKEN, seconds)


@pytest.mark.parametrize(
    ("kind", "path"), [(Kind.RESET, "/v1/auth/reset-password"), (Kind.VERIFY, "/v1/auth/verify")]
)
def test_a_mail_that_was_asked_for_says_where_its_token_goes(kind: Kind, path: str) -> None:
    text = mail(kind).text
    assert f"POST {URL}{path}\n" in text
    assert f'"token": "{TOKEN}"' in text
    assert f"Your token: {TOKEN}\n" in text


@pytest.mark.parametrize(
    ("seconds", "span"),
    [(3600, "60 minutes"), (120, "2 minutes"), (119, "119 seconds"), (5, "5 seconds")],
)
def test_a_mail_says_how_long_its_token_works(seconds: int, span: str) -> None:
    assert f"It works once, for {span}." in mail(Kind.RESET, seconds).text


@pytest.mark.parametrize("kind", sorted(set(Kind) - ASKED_FOR))
def test_a_notice_holds_neither_token_nor_link(kind: Kind) -> None:
    shown = mail(kind)
    assert TOKEN not in shown.text + shown.html
    assert "http" not in shown.text + shown.html


@pytest.mark.parametrize("kind", list(Kind))
def test_text_and_html_say_the_same(kind: Kind) -> None:
    shown = mail(kind, name="robot")
    body = shown.html.partition("<body>")[2]
    plain = unescape(re.sub(r"<[^>]*>", "\n", body))
    assert plain.split() == shown.text.split()


def test_every_kind_has_a_subject_of_its_own() -> None:
    subjects = [mail(kind).subject for kind in Kind]
    assert len(set(subjects)) == len(Kind)
    assert all("Lambent" in subject and "\n" not in subject for subject in subjects)


@pytest.mark.parametrize("kind", [Kind.PASSWORD_CHANGED, Kind.REFRESH_REUSED, Kind.API_KEY_CREATED])
def test_a_notice_says_what_to_do_if_it_was_somebody_else(kind: Kind) -> None:
    assert "If this was not you, reset your password at once" in mail(kind).text


def test_a_notice_of_a_new_address_does_not_advise_what_cannot_work_any_more() -> None:
    assert "reset your password" not in mail(Kind.EMAIL_CHANGED).text


def test_the_name_of_a_key_is_text_in_html_too() -> None:
    shown = mail(Kind.API_KEY_CREATED, name="<b>&robot</b>")
    assert "“<b>&robot</b>”" in shown.text
    assert "“&lt;b&gt;&amp;robot&lt;/b&gt;”" in shown.html


def test_a_mail_is_not_shown_with_its_words() -> None:
    assert TOKEN not in repr(mail(Kind.RESET))

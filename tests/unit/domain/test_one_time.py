from dataclasses import replace
from hashlib import sha256

import pytest

from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose, digest_of, issued
from chalicelib.domain.accounts.users import User
from tests.samples import NOW, a_one_time_token, a_user

ADA = a_user(email="ada@strasse.example.com")
HOUR = 3_600_000


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_speaks_for_its_user_until_it_expires(purpose: Purpose) -> None:
    token = a_one_time_token(ADA, purpose)
    assert token.is_for(ADA, NOW)
    assert token.is_for(ADA, NOW + HOUR - 1)
    assert not token.is_for(ADA, NOW + HOUR)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize(
    "user",
    [
        None,
        replace(ADA, is_active=False),
        replace(ADA, id=a_user().id),
        replace(ADA, email="eve@example.com"),
        # One account to us, and another mailbox to whoever runs them.
        replace(ADA, email="ada@straße.example.com"),
        replace(ADA, email="Ada@strasse.example.com"),
    ],
)
def test_a_token_does_not_speak_for_who_is_gone_inactive_or_has_another_mailbox(
    purpose: Purpose, user: User | None
) -> None:
    assert not a_one_time_token(ADA, purpose).is_for(user, NOW)


def test_a_reset_ends_with_the_sessions_of_its_time_and_a_verification_does_not() -> None:
    moved_on = replace(ADA, session_version=2)
    assert not a_one_time_token(ADA, Purpose.RESET).is_for(moved_on, NOW)
    assert a_one_time_token(ADA, Purpose.VERIFY).is_for(moved_on, NOW)


def test_only_a_digest_of_the_mailed_text_is_stored() -> None:
    token, text = issued(ADA, Purpose.RESET, NOW, 60)
    assert token == OneTimeToken(digest_of(text), Purpose.RESET, ADA.id, ADA.email, 1, NOW + 60_000)
    assert token.digest == sha256(text.encode()).hexdigest()
    assert text not in repr(token)


def test_a_mailed_text_is_long_of_plain_characters_and_never_the_same() -> None:
    texts = {issued(ADA, Purpose.VERIFY, NOW, 60)[1] for _ in range(100)}
    assert len(texts) == 100
    assert all(len(text) == 52 and text.isalnum() and text.isascii() for text in texts)

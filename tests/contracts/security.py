"""Passwords and access tokens."""

import pytest

from chalicelib.domain.accounts.sessions import Claims
from chalicelib.errors import Unauthorized
from chalicelib.services.ports.security import Passwords, Tokens
from tests.samples import NOW, a_session, a_user, claims_of


class PasswordsContract:
    def test_only_the_password_matches_its_hash(self, passwords: Passwords) -> None:
        hashed = passwords.hash("correct horse battery")
        assert passwords.verify("correct horse battery", hashed)
        assert not passwords.verify("correct horse battery ", hashed)

    def test_without_a_hash_nothing_matches(self, passwords: Passwords) -> None:
        assert not passwords.verify("correct horse battery", None)

    @pytest.mark.parametrize("hashed", ["", "hash", "$argon2id$", "$2b$12$" + "a" * 53])
    def test_a_hash_of_another_kind_matches_nothing(
        self, passwords: Passwords, hashed: str
    ) -> None:
        assert not passwords.verify("correct horse battery", hashed)

    def test_a_hash_of_now_is_not_outdated_and_one_of_another_kind_is(
        self, passwords: Passwords
    ) -> None:
        assert not passwords.is_outdated(passwords.hash("correct horse battery"))
        assert passwords.is_outdated("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRz$aGFzaA")
        assert passwords.is_outdated("")


class TokensContract:
    """For tokens that live 900 seconds."""

    def test_a_token_says_what_it_was_issued_for(self, tokens: Tokens) -> None:
        session = a_session(a_user(session_version=4))
        claims = tokens.verify(tokens.issue(session, NOW, "id"), NOW)
        assert claims == Claims(session.user_id, session.id, 4)

    def test_a_token_holds_until_it_expires(self, tokens: Tokens) -> None:
        session = a_session(a_user())
        token = tokens.issue(session, NOW, "id")
        assert tokens.verify(token, NOW + 899_999) == claims_of(session)
        with pytest.raises(Unauthorized):
            tokens.verify(token, NOW + 900_000)

    def test_the_same_token_is_issued_for_the_same_and_another_for_another(
        self, tokens: Tokens
    ) -> None:
        session, other = a_session(a_user()), a_session(a_user())
        token = tokens.issue(session, NOW, "id")
        assert tokens.issue(session, NOW, "id") == token
        others = {
            tokens.issue(session, NOW, "other"),
            tokens.issue(session, NOW + 1000, "id"),
            tokens.issue(other, NOW, "id"),
        }
        assert len({token, *others}) == 4

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "null", "\ud800", "ü" * 5000])
    def test_what_is_no_token_is_refused(self, tokens: Tokens, token: str) -> None:
        with pytest.raises(Unauthorized):
            tokens.verify(token, NOW)

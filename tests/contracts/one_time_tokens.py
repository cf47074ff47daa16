"""Tokens that work once."""

from dataclasses import replace

from chalicelib.domain.accounts.one_time import Purpose
from tests.contracts.stores import Stores, at_once
from tests.samples import a_one_time_token, a_user


class OneTimeTokensContract:
    def test_a_token_is_found_as_it_was_added(self, stores: Stores) -> None:
        token = a_one_time_token(a_user(email="\xfc@example.com", session_version=3))
        stores.one_time_tokens.add(token)
        assert stores.one_time_tokens.find(token.digest, Purpose.RESET) == token

    def test_a_token_is_for_its_purpose_only(self, stores: Stores) -> None:
        token = a_one_time_token(a_user(), Purpose.VERIFY)
        stores.one_time_tokens.add(token)
        assert stores.one_time_tokens.find(token.digest, Purpose.RESET) is None
        assert stores.one_time_tokens.consume(replace(token, purpose=Purpose.RESET)) is False

    def test_what_was_never_mailed_is_not_found(self, stores: Stores) -> None:
        token = a_one_time_token(a_user())
        assert stores.one_time_tokens.find(token.digest, Purpose.RESET) is None
        assert stores.one_time_tokens.consume(token) is False
        assert stores.one_time_tokens.find(token.digest, Purpose.RESET) is None

    def test_a_consumed_token_is_known_as_used(self, stores: Stores) -> None:
        token = a_one_time_token(a_user())
        stores.one_time_tokens.add(token)
        assert stores.one_time_tokens.consume(token) is True
        found = stores.one_time_tokens.find(token.digest, Purpose.RESET)
        assert found == replace(token, is_used=True)

    def test_of_parallel_uses_exactly_one_succeeds(self, stores: Stores) -> None:
        token = a_one_time_token(a_user())
        stores.one_time_tokens.add(token)
        consumed = at_once([token] * 10, stores.one_time_tokens.consume)
        assert sorted(consumed) == [False] * 9 + [True]

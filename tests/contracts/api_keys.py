"""API keys."""

from dataclasses import replace

from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.services.ports.reading import Wanted
from tests.contracts.stores import Stores, at_once
from tests.samples import NOW, a_key, a_session, a_user, key_claims_of


class ApiKeysContract:
    def test_a_key_is_stored_as_it_is(self, stores: Stores) -> None:
        scopes = (Scope.PREDICTIONS_WRITE, Scope.MODELS_READ)
        key = a_key(a_user(session_version=3), name='"robot" \U0001f642', scopes=scopes)
        stores.api_keys.add(key)
        assert list(stores.api_keys.of(key.user_id)) == [key]
        assert stores.reader.read(key_claims_of(key), Wanted()).proof == key

    def test_the_keys_of_a_user_are_listed_the_newest_first(self, stores: Stores) -> None:
        user = a_user()
        keys = [a_key(user, NOW + number) for number in range(3)]
        for key in [keys[1], keys[0], keys[2], a_key(a_user())]:
            stores.api_keys.add(key)
        stores.sessions.start(a_session(user))
        assert list(stores.api_keys.of(user.id)) == keys[::-1]

    def test_an_ended_key_is_gone_and_ending_it_twice_tells_so(self, stores: Stores) -> None:
        key = a_key(a_user())
        stores.api_keys.add(key)
        ended = at_once([key] * 4, lambda each: stores.api_keys.end(each.user_id, each.id))
        assert sorted(ended) == [False, False, False, True]
        assert list(stores.api_keys.of(key.user_id)) == []

    def test_nobody_ends_the_key_of_another(self, stores: Stores) -> None:
        key = a_key(a_user())
        stores.api_keys.add(key)
        assert stores.api_keys.end(a_user().id, key.id) is False
        assert list(stores.api_keys.of(key.user_id)) == [key]

    def test_its_last_use_is_noted(self, stores: Stores) -> None:
        key = a_key(a_user())
        stores.api_keys.add(key)
        stores.api_keys.note_use(key, NOW + 7)
        assert list(stores.api_keys.of(key.user_id)) == [replace(key, last_used_at=NOW + 7)]

    def test_a_use_does_not_bring_an_ended_key_back(self, stores: Stores) -> None:
        key = a_key(a_user())
        stores.api_keys.note_use(key, NOW)
        assert list(stores.api_keys.of(key.user_id)) == []

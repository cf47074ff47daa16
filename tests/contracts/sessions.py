"""Sessions, and the chains of their refresh tokens."""

from dataclasses import replace

import pytest

from chalicelib.domain.accounts.refresh import RefreshToken
from chalicelib.domain.accounts.sessions import Lifetimes, Session, rotated
from tests.contracts.stores import Stores, at_once, walk
from tests.samples import NOW, a_grant, a_key, a_session, a_sign_in, a_user, claims_of

LIFETIMES = Lifetimes(7_776_000, 2_592_000)


def following(session: Session, token: RefreshToken, at: int = NOW + 1) -> Session:
    return rotated(session, token, at, LIFETIMES)


class SessionsContract:
    def test_a_session_lives_until_it_is_ended(self, stores: Stores) -> None:
        session = a_session(a_user(), source_ip="203.0.113.7", user_agent="a browser \xfc")
        stores.sessions.start(session)
        assert stores.proof(claims_of(session)) == session
        assert stores.sessions.end(session.user_id, session.id) is True
        assert stores.proof(claims_of(session)) is None

    def test_ending_it_twice_tells_so(self, stores: Stores) -> None:
        session = a_session(a_user())
        stores.sessions.start(session)
        ended = at_once([session] * 4, lambda each: stores.sessions.end(each.user_id, each.id))
        assert sorted(ended) == [False, False, False, True]

    def test_nobody_ends_the_session_of_another(self, stores: Stores) -> None:
        session = a_session(a_user())
        stores.sessions.start(session)
        assert stores.sessions.end(a_user().id, session.id) is False
        assert stores.proof(claims_of(session)) == session

    def test_a_rotated_session_is_stored_in_the_place_of_the_one_seen(self, stores: Stores) -> None:
        session, token = a_sign_in(a_user())
        stores.sessions.start(session)
        after = following(session, token)
        assert stores.sessions.rotate(after, session) == after
        assert stores.proof(claims_of(session)) == after

    def test_who_comes_too_late_gets_what_was_stored_before(self, stores: Stores) -> None:
        session, token = a_sign_in(a_user())
        stores.sessions.start(session)
        first, second = following(session, token), following(session, token)
        stores.sessions.rotate(first, session)
        assert stores.sessions.rotate(second, session) == first
        assert stores.proof(claims_of(session)) == first

    def test_an_ended_session_stays_ended(self, stores: Stores) -> None:
        session, token = a_sign_in(a_user())
        stores.sessions.start(session)
        stores.sessions.end(session.user_id, session.id)
        assert stores.sessions.rotate(following(session, token), session) is None
        assert stores.proof(claims_of(session)) is None

    def test_a_session_without_refresh_tokens_gets_none(self, stores: Stores) -> None:
        """One of before there were any: nothing of it was seen that could be compared."""
        session, token = a_sign_in(a_user())
        bare = replace(session, chain=type(session.chain)())
        assert stores.sessions.rotate(following(session, token), bare) is None

    def test_of_parallel_exchanges_of_one_token_all_get_the_same_chain(
        self, stores: Stores
    ) -> None:
        session, token = a_sign_in(a_user())
        stores.sessions.start(session)
        rivals = [following(session, token, NOW + number) for number in range(10)]
        answers = at_once(rivals, lambda rival: stores.sessions.rotate(rival, session))
        stored = stores.proof(claims_of(session))
        assert stored in rivals
        assert answers == [stored] * 10

    @pytest.mark.parametrize("limit", [1, 2, 5, 6])
    def test_a_walk_over_the_pages_meets_all_sessions_of_a_user_the_newest_first(
        self, stores: Stores, limit: int
    ) -> None:
        user = a_user()
        sessions = [a_session(user, NOW + number) for number in range(5)]
        for session in [*sessions, a_session(a_user())]:
            stores.sessions.start(session)
        stores.api_keys.add(a_key(user))
        stores.access.put_grant(a_grant(user))
        pages = walk(lambda after: stores.sessions.page(user.id, limit, after))
        assert [session for page in pages for session in page] == sessions[::-1]
        assert len(pages) == -(-5 // limit)

    def test_pages_go_on_where_a_session_was_ended(self, stores: Stores) -> None:
        user = a_user()
        sessions = [a_session(user, NOW - number) for number in range(3)]
        for session in sessions:
            stores.sessions.start(session)
        first = stores.sessions.page(user.id, 1, None)
        stores.sessions.end(user.id, sessions[0].id)
        assert list(stores.sessions.page(user.id, 5, first.next).items) == sessions[1:]

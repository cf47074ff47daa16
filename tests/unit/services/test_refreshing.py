from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.refresh import RefreshToken
from chalicelib.domain.accounts.sessions import Session
from chalicelib.domain.accounts.users import Change
from chalicelib.domain.ids import owned_id
from chalicelib.errors import Unauthorized
from chalicelib.services.accounts.signing_in import SignedIn
from tests.contracts.stores import at_once
from tests.fakes import FakeSessions
from tests.samples import a_user
from tests.unit.services.accounts import (
    ELSEWHERE,
    HERE,
    Member,
    a_member,
    caller_of,
    recorded,
    refusal_of,
)
from tests.unit.services.models import CATALOGUE
from tests.world import World


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def refreshed(use: Services, signed_in: SignedIn) -> SignedIn:
    return use.refreshing.refresh(signed_in.refresh_token, HERE)


def is_refused(use: Services, text: str) -> bool:
    return refusal_of(lambda: use.refreshing.refresh(text, HERE)) == (Unauthorized, None)


def test_a_refresh_gives_new_tokens_of_the_same_session(use: Services, ada: Member) -> None:
    new = refreshed(use, ada.signed_in)
    assert new.refresh_token != ada.signed_in.refresh_token
    assert new.access_token != ada.signed_in.access_token
    assert caller_of(use, new).session_id == ada.caller.session_id


def test_tokens_follow_one_another(world: World, use: Services, ada: Member) -> None:
    signed_in = ada.signed_in
    for _ in range(5):
        world.clock.advance(seconds=900)
        signed_in = refreshed(use, signed_in)
    assert caller_of(use, signed_in).user == ada.user
    assert len(world.memory.sessions) == 1


def test_an_access_token_of_before_lives_as_long_as_it_says(
    world: World, use: Services, ada: Member
) -> None:
    refreshed(use, ada.signed_in)
    assert caller_of(use, ada.signed_in).session_id == ada.caller.session_id


def test_the_same_token_again_within_ten_seconds_gets_the_same_answer(
    world: World, use: Services, ada: Member
) -> None:
    first = refreshed(use, ada.signed_in)
    world.clock.advance(seconds=10)
    assert refreshed(use, ada.signed_in) == first
    assert refreshed(use, first) != first


def test_the_same_token_after_ten_seconds_ends_the_session(
    world: World, use: Services, ada: Member
) -> None:
    new = refreshed(use, ada.signed_in)
    world.clock.advance(seconds=10, ms=1)
    assert is_refused(use, ada.signed_in.refresh_token)
    assert is_refused(use, new.refresh_token)
    with pytest.raises(Unauthorized):
        caller_of(use, new)
    assert not world.memory.sessions


def test_an_older_token_ends_the_session_also_within_ten_seconds(
    use: Services, ada: Member
) -> None:
    newest = refreshed(use, refreshed(use, ada.signed_in))
    assert is_refused(use, ada.signed_in.refresh_token)
    assert is_refused(use, newest.refresh_token)


def test_a_reuse_is_audited_and_told_to_the_owner_once(
    world: World, use: Services, ada: Member
) -> None:
    refreshed(use, refreshed(use, ada.signed_in))
    for _ in range(3):
        is_refused(use, ada.signed_in.refresh_token)
    entries = [each for each in world.trail.entries if each.event is Event.REFRESH_REUSED]
    assert [(each.target, each.outcome) for each in entries] == [(ada.user.id, Outcome.FAILED)]
    assert [(each.kind, each.to) for each in world.outbox.letters] == [
        (Kind.REFRESH_REUSED, "ada@example.com")
    ]


def test_a_reuse_ends_the_session_also_when_nobody_can_be_told(
    world: World, use: Services, ada: Member
) -> None:
    refreshed(use, refreshed(use, ada.signed_in))
    world.outbox.is_down = True
    assert is_refused(use, ada.signed_in.refresh_token)
    assert not world.memory.sessions


def test_a_reuse_ends_no_other_session(use: Services, ada: Member) -> None:
    other = use.signing_in.open_session(ada.user, ELSEWHERE)
    refreshed(use, refreshed(use, ada.signed_in))
    is_refused(use, ada.signed_in.refresh_token)
    assert refreshed(use, other)


def test_who_only_knows_the_id_of_a_session_can_neither_use_nor_end_it(
    world: World, use: Services, ada: Member
) -> None:
    session_id = str(ada.caller.session_id)
    forged = str(RefreshToken.first(session_id))
    assert is_refused(use, forged)
    assert not [each for each in world.trail.entries if each.event is Event.REFRESH_REUSED]
    assert refreshed(use, ada.signed_in)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rt_",
        "rt__",
        "nonsense",
        "rt_" + "v" * 42 + "_" + "0" * 84,
        "rt_" + "z" * 42 + "_" + "0" * 84,
        "rt_" + "ü" * 42 + "_" + "0" * 84,
        str(RefreshToken.first(owned_id(a_user().id, 0))),
        "x" * 10_000,
    ],
)
def test_what_is_no_token_of_any_session_is_refused(use: Services, ada: Member, text: str) -> None:
    assert is_refused(use, text)


def test_an_access_token_and_an_api_key_refresh_nothing(use: Services, ada: Member) -> None:
    _, key = use.api_keys.mint(ada.caller, "robot", [], 60, HERE)
    assert is_refused(use, ada.signed_in.access_token)
    assert is_refused(use, key)


def test_a_session_ends_thirty_days_after_its_last_refresh(
    world: World, use: Services, ada: Member
) -> None:
    world.clock.advance(days=30, ms=-1)
    new = refreshed(use, ada.signed_in)
    world.clock.advance(days=30)
    assert is_refused(use, new.refresh_token)


def test_a_session_ends_after_ninety_days_however_often_it_is_refreshed(
    world: World, use: Services, ada: Member
) -> None:
    signed_in = ada.signed_in
    for _ in range(3):
        world.clock.advance(days=29)
        signed_in = refreshed(use, signed_in)
    world.clock.advance(days=3, ms=-1)
    signed_in = refreshed(use, signed_in)
    world.clock.advance(1)
    assert is_refused(use, signed_in.refresh_token)


def test_lifetimes_are_settings() -> None:
    world = World(CATALOGUE, session_seconds=5, refresh_idle_seconds=3)
    use = world.services()
    new = refreshed(use, a_member(use).signed_in)
    world.clock.advance(seconds=2)
    new = refreshed(use, new)
    world.clock.advance(seconds=2)
    new = refreshed(use, new)
    world.clock.advance(seconds=1)
    assert is_refused(use, new.refresh_token)


@pytest.mark.parametrize(
    "change",
    [Change(is_active=False), Change(ends_sessions=True)],
)
def test_who_is_inactive_or_signed_out_everywhere_refreshes_nothing(
    world: World, use: Services, ada: Member, change: Change
) -> None:
    world.users.change(ada.user, change)
    assert is_refused(use, ada.signed_in.refresh_token)


def test_who_is_gone_refreshes_nothing(world: World, use: Services, ada: Member) -> None:
    del world.memory.users[ada.user.id]
    assert is_refused(use, ada.signed_in.refresh_token)


def test_who_is_not_verified_any_more_refreshes_nothing_where_that_is_required() -> None:
    world = World(CATALOGUE, require_verification=True)
    use = world.services()
    ada = a_member(use, is_verified=True)
    new = refreshed(use, ada.signed_in)
    world.users.change(ada.user, Change(is_verified=False))
    assert is_refused(use, new.refresh_token)


def test_ten_at_once_get_one_and_the_same_answer(use: Services, ada: Member) -> None:
    answers = set(at_once(range(10), lambda _: refreshed(use, ada.signed_in)))
    [answer] = answers
    assert refreshed(use, answer)


class Overtaking(FakeSessions):
    """Before a session is rotated, somebody else does something to it."""

    seen: Session | None = None

    def rotate(self, session: Session, seen: Session) -> Session | None:
        self.seen = seen
        return self.what_is_stored(session)

    def what_is_stored(self, session: Session) -> Session | None:
        return None


class NeverWriting(Overtaking):
    """It stores nothing, and nobody else does."""

    def what_is_stored(self, session: Session) -> Session | None:
        return self.seen


class TwiceRotated(Overtaking):
    """Others exchanged the token, and the one after it."""

    def what_is_stored(self, session: Session) -> Session | None:
        return replace(session, chain=replace(session.chain, previous="x", digest="y"))


@pytest.mark.parametrize("sessions", [Overtaking, NeverWriting, TwiceRotated])
def test_who_is_overtaken_by_an_end_or_by_more_than_one_exchange_is_refused(
    world: World, sessions: type[Overtaking]
) -> None:
    world.sessions = sessions(world.memory)
    use = world.services()
    assert is_refused(use, a_member(use).signed_in.refresh_token)


def test_a_session_that_others_exchanged_twice_meanwhile_is_ended(world: World) -> None:
    world.sessions = TwiceRotated(world.memory)
    use = world.services()
    is_refused(use, a_member(use).signed_in.refresh_token)
    assert not world.memory.sessions


def test_a_refresh_is_one_read_and_one_write(world: World) -> None:
    use, calls = recorded(world)
    ada = a_member(use)
    calls.clear()
    refreshed(use, ada.signed_in)
    assert calls == ["FakeReader.read", "FakeSessions.rotate", "FakeTokens.issue"]


def test_what_is_stored_of_a_session_is_no_token(world: World, use: Services, ada: Member) -> None:
    new = refreshed(use, ada.signed_in)
    [session] = world.memory.sessions.values()
    stored = f"{vars(session)} {vars(session.chain)}"
    assert new.refresh_token.rpartition("_")[2] not in stored
    assert ada.signed_in.refresh_token.rpartition("_")[2] not in stored


def test_a_made_up_token_of_a_living_session_is_refused_and_ends_nothing(
    world: World, use: Services, ada: Member
) -> None:
    session_id = ada.caller.session_id
    assert session_id
    assert is_refused(use, RefreshToken.first(session_id).text)
    assert len(world.memory.sessions) == 1
    assert refreshed(use, ada.signed_in)

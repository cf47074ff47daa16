import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.audit import Event
from chalicelib.errors import NotFound, Unauthorized
from chalicelib.services.ports.reading import Wanted
from tests.samples import DAY, a_session
from tests.unit.services.accounts import HERE, PASSWORD, Member, a_member, caller_of, recorded
from tests.world import World

READ = Scope.PREDICTIONS_READ


@pytest.fixture
def ada(world: World, use: Services) -> Member:
    return a_member(use)


def test_after_signing_out_the_token_is_refused_and_the_other_session_lives(
    use: Services, ada: Member
) -> None:
    other = use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    use.signing_in.sign_out(ada.caller, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)
    assert caller_of(use, other).user == ada.user


def test_after_signing_out_the_refresh_token_is_refused(use: Services, ada: Member) -> None:
    use.signing_in.sign_out(ada.caller, HERE)
    with pytest.raises(Unauthorized):
        use.refreshing.refresh(ada.signed_in.refresh_token, HERE)


def test_signing_out_everywhere_ends_every_session_and_key_of_the_same_millisecond(
    use: Services, ada: Member
) -> None:
    other = use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    _, key = use.api_keys.mint(ada.caller, "robot", [READ], 60, HERE)
    use.signing_in.sign_out_everywhere(ada.caller, HERE)
    for signed_in in (ada.signed_in, other):
        with pytest.raises(Unauthorized):
            caller_of(use, signed_in)
        with pytest.raises(Unauthorized):
            use.refreshing.refresh(signed_in.refresh_token, HERE)
    with pytest.raises(Unauthorized):
        use.authentication.look(use.authentication.identify(key), Wanted(), READ)


def test_a_session_of_who_was_read_before_signing_out_everywhere_is_dead_at_once(
    use: Services, ada: Member
) -> None:
    use.signing_in.sign_out_everywhere(ada.caller, HERE)
    late = use.signing_in.open_session(ada.user, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, late)


def test_after_signing_out_everywhere_one_may_sign_in_in_the_same_millisecond(
    use: Services, ada: Member
) -> None:
    use.signing_in.sign_out_everywhere(ada.caller, HERE)
    assert caller_of(use, use.signing_in.sign_in("ada@example.com", PASSWORD, HERE))


def test_signing_out_everywhere_ends_nothing_of_others(
    world: World, use: Services, ada: Member
) -> None:
    bob = a_member(use, "bob@example.com")
    use.signing_in.sign_out_everywhere(ada.caller, HERE)
    assert caller_of(use, bob.signed_in) == bob.caller


def test_living_sessions_are_listed_newest_first(world: World, use: Services, ada: Member) -> None:
    for _ in range(2):
        world.clock.advance(seconds=1)
        use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    world.sessions.start(a_session(ada.user, expires_at=world.clock()))
    world.sessions.start(a_session(ada.user, version=0))
    times = [each.created_at for each in use.signing_in.sessions(ada.caller, 20, None).items]
    assert times == [world.clock(), world.clock() - 1000, world.clock() - 2000]


def test_sessions_are_listed_a_page_at_a_time(world: World, use: Services, ada: Member) -> None:
    for _ in range(2):
        world.clock.advance(seconds=1)
        use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    first = use.signing_in.sessions(ada.caller, 2, None)
    rest = use.signing_in.sessions(ada.caller, 2, first.next)
    assert [len(first.items), len(rest.items), rest.next] == [2, 1, None]


def test_nobody_sees_the_sessions_of_others(world: World, use: Services, ada: Member) -> None:
    bob = a_member(use, "bob@example.com")
    assert [each.user_id for each in use.signing_in.sessions(bob.caller, 20, None).items] == [
        bob.user.id
    ]


def test_another_session_of_ones_own_is_ended_by_its_id(use: Services, ada: Member) -> None:
    other = use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    other_id = caller_of(use, other).session_id
    assert other_id
    use.signing_in.end_session(ada.caller, other_id, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, other)
    assert caller_of(use, ada.signed_in) == ada.caller


def test_a_session_of_somebody_else_cannot_be_ended(
    world: World, use: Services, ada: Member
) -> None:
    bob = a_member(use, "bob@example.com")
    with pytest.raises(NotFound):
        use.signing_in.end_session(bob.caller, ada.caller.proof.id, HERE)
    assert caller_of(use, ada.signed_in) == ada.caller


@pytest.mark.parametrize("session_id", ["", "x", "v" * 42, "ü" * 3000, "x" * 42])
def test_a_session_that_is_none_is_not_found(use: Services, ada: Member, session_id: str) -> None:
    with pytest.raises(NotFound):
        use.signing_in.end_session(ada.caller, session_id, HERE)


def test_what_cannot_be_a_session_of_ones_own_is_not_looked_up(world: World) -> None:
    use, calls = recorded(world)
    ada, bob = a_member(use), a_member(use, "bob@example.com")
    calls.clear()
    for session_id in ("x" * 3000, str(bob.caller.session_id)):
        with pytest.raises(NotFound):
            use.signing_in.end_session(ada.caller, session_id, HERE)
    assert calls == []


def test_a_session_ends_once(use: Services, ada: Member) -> None:
    use.signing_in.end_session(ada.caller, ada.caller.proof.id, HERE)
    with pytest.raises(NotFound):
        use.signing_in.end_session(ada.caller, ada.caller.proof.id, HERE)


def test_ends_are_audited(world: World, use: Services, ada: Member) -> None:
    by_ada = HERE.by(ada.user.id)
    use.signing_in.end_session(ada.caller, ada.caller.proof.id, by_ada)
    use.signing_in.sign_out(ada.caller, by_ada)
    use.signing_in.sign_out_everywhere(ada.caller, by_ada)
    last = world.trail.entries[-3:]
    assert [each.event for each in last] == [
        Event.SESSION_ENDED,
        Event.SIGN_OUT,
        Event.SIGN_OUT_ALL,
    ]
    assert {(each.actor, each.target) for each in last} == {(ada.user.id, ada.user.id)}


def test_an_access_token_ends_with_its_session_though_it_is_younger(
    world: World, use: Services, ada: Member
) -> None:
    world.clock.advance(days=30, seconds=-1)
    [session] = use.signing_in.sessions(ada.caller, 20, None).items
    token = world.tokens.issue(session, world.clock(), "id")
    assert use.authentication.caller(use.authentication.identify(token))
    world.clock.advance(seconds=1)
    assert session.created_at + 30 * DAY == world.clock()
    with pytest.raises(Unauthorized):
        use.authentication.caller(use.authentication.identify(token))

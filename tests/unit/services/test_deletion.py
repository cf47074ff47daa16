import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.erasures import SOON, Erasure
from chalicelib.errors import (
    BadCredentials,
    LastSuperuser,
    PasswordRequired,
    Unauthorized,
    Unavailable,
)
from chalicelib.services.ports.reading import Wanted
from tests.samples import NOW
from tests.unit.services.accounts import ANOTHER, HERE, PASSWORD, Member, a_member, caller_of
from tests.world import World

READ = Scope.PREDICTIONS_READ


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def test_who_is_deleted_loses_sessions_keys_and_grants_at_once(
    world: World, use: Services, ada: Member
) -> None:
    use.granting.grant(ada.user.id, "double", 1, HERE)
    _, key = use.api_keys.mint(ada.caller, "robot", [READ], 60, HERE)
    use.profiles.delete_own(ada.caller, PASSWORD, HERE)
    memory = world.memory
    assert not any((memory.users, memory.sessions, memory.api_keys, memory.grants))
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)
    with pytest.raises(Unauthorized):
        use.authentication.look(use.authentication.identify(key), Wanted(), READ)
    with pytest.raises(BadCredentials):
        use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)


def test_what_was_used_and_audited_stays_under_the_id(
    world: World, use: Services, ada: Member
) -> None:
    person = world.somebody()
    world.accepted(person, "double")
    use.profiles.delete_other(ada.caller, person.user, HERE.by("root"))
    assert [key[0] for key in world.memory.usage] == [person.user.id]
    last = world.trail.entries[-1]
    assert (last.event, last.actor, last.target) == (Event.DELETED, "root", person.user.id)


def test_who_registers_with_the_address_again_is_somebody_else(use: Services, ada: Member) -> None:
    use.profiles.delete_own(ada.caller, PASSWORD, HERE)
    again = use.registration.register("ada@example.com", ANOTHER, HERE)
    assert again.id != ada.user.id
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)


def test_deleting_oneself_needs_the_password_or_a_fresh_sign_in(
    world: World, use: Services, ada: Member
) -> None:
    with pytest.raises(PasswordRequired):
        use.profiles.delete_own(ada.caller, "wrong", HERE)
    world.clock.advance(seconds=600)
    with pytest.raises(PasswordRequired):
        use.profiles.delete_own(ada.caller, None, HERE)
    assert world.memory.users == {ada.user.id: ada.user}


def test_right_after_signing_in_one_may_delete_oneself_without_a_password(
    world: World, use: Services, ada: Member
) -> None:
    use.profiles.delete_own(ada.caller, None, HERE)
    assert not world.memory.users


def test_the_last_superuser_cannot_be_deleted(world: World, use: Services) -> None:
    root = a_member(use, is_superuser=True)
    with pytest.raises(LastSuperuser):
        use.profiles.delete_own(root.caller, PASSWORD, HERE)
    assert caller_of(use, root.signed_in) == root.caller
    assert world.trail.entries[-1].event is not Event.DELETED


def test_a_superuser_deletes_themselves_only_when_just_signed_in(
    world: World, use: Services, ada: Member
) -> None:
    a_member(use, "other@example.com", is_superuser=True)
    root = a_member(use, "root@example.com", is_superuser=True)
    world.clock.advance(seconds=601)
    with pytest.raises(PasswordRequired):
        use.profiles.delete_other(root.caller, root.user, HERE)
    use.profiles.delete_other(root.caller, ada.user, HERE)
    assert root.user.id in world.memory.users
    assert ada.user.id not in world.memory.users


def test_the_erasure_is_asked_for_before_the_user_is_removed(
    world: World, use: Services, ada: Member
) -> None:
    world.erasures.is_down = True
    with pytest.raises(Unavailable):
        use.profiles.delete_own(ada.caller, PASSWORD, HERE)
    assert caller_of(use, ada.signed_in) == ada.caller
    assert world.trail.entries[-1].event is not Event.DELETED


def test_who_is_deleted_is_erased_a_moment_later(world: World, use: Services, ada: Member) -> None:
    prediction = world.accepted(world.somebody(), "double")
    user = world.memory.users[prediction.user_id]
    use.profiles.delete_other(ada.caller, user, HERE.by("root"))
    assert world.erasures.asked == [(NOW + SOON * 1000, Erasure(user.id, NOW))]
    world.clock.advance(seconds=SOON)
    for erasure in world.erasures.received():
        world.erasing().work(erasure, lambda: 60_000)
    assert world.memory.predictions[prediction.id].is_erased


def test_nothing_is_asked_for_when_it_was_not_the_owner(
    world: World, use: Services, ada: Member
) -> None:
    with pytest.raises(PasswordRequired):
        use.profiles.delete_own(ada.caller, "wrong", HERE)
    assert world.erasures.asked == []

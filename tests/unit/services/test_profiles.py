from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.users import Change, User, Wish
from chalicelib.errors import (
    EmailTaken,
    NotFound,
    PasswordRequired,
    TooManyAttempts,
    Unauthorized,
    WeakPassword,
)
from tests.contracts.stores import in_parallel
from tests.fakes import FakePasswords, FakeUsers
from tests.samples import a_user
from tests.unit.services.accounts import (
    ANOTHER,
    ELSEWHERE,
    HERE,
    PASSWORD,
    WEAK,
    Member,
    a_member,
    caller_of,
    recorded,
    refusal_of,
)
from tests.world import World

MINUTES = 60
EVE = Wish(email="eve@example.com")
NEW = Wish(password=ANOTHER)


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def stored(world: World, member: Member) -> User:
    return world.memory.users[member.user.id]


@pytest.mark.parametrize("wish", [EVE, NEW])
def test_within_ten_minutes_of_a_sign_in_no_password_is_asked_for(
    world: World, use: Services, ada: Member, wish: Wish
) -> None:
    world.clock.advance(seconds=10 * MINUTES, ms=-1)
    assert use.profiles.change_own(ada.caller, wish, None, HERE) != ada.user


@pytest.mark.parametrize("wish", [EVE, NEW])
def test_after_ten_minutes_address_and_password_need_the_present_password(
    world: World, use: Services, ada: Member, wish: Wish
) -> None:
    world.clock.advance(seconds=10 * MINUTES)
    with pytest.raises(PasswordRequired, match="UPDATE_USER_CURRENT_PASSWORD_REQUIRED"):
        use.profiles.change_own(ada.caller, wish, None, HERE)
    with pytest.raises(PasswordRequired):
        use.profiles.change_own(ada.caller, wish, "wrong", HERE)
    assert stored(world, ada) == ada.user
    assert use.profiles.change_own(ada.caller, wish, PASSWORD, HERE) != ada.user


def test_a_wrong_password_is_refused_also_right_after_a_sign_in(
    world: World, use: Services, ada: Member
) -> None:
    with pytest.raises(PasswordRequired):
        use.profiles.change_own(ada.caller, NEW, "wrong", HERE)
    assert stored(world, ada) == ada.user


def test_a_refresh_is_no_sign_in(world: World, use: Services, ada: Member) -> None:
    world.clock.advance(seconds=10 * MINUTES)
    caller = caller_of(use, use.refreshing.refresh(ada.signed_in.refresh_token, HERE))
    with pytest.raises(PasswordRequired):
        use.profiles.change_own(caller, NEW, None, HERE)


@pytest.mark.parametrize("wish", [Wish(), Wish(email="ada@example.com")])
def test_what_changes_nothing_needs_no_password_and_leaves_no_trace(
    world: World, use: Services, ada: Member, wish: Wish
) -> None:
    world.clock.advance(days=1)
    before = len(world.trail.entries)
    assert use.profiles.change_own(ada.caller, wish, None, HERE) == ada.user
    assert (len(world.trail.entries), world.outbox.letters) == (before, [])


def test_guessing_the_present_password_is_throttled_like_signing_in(
    use: Services, ada: Member
) -> None:
    outcomes = [
        refusal_of(lambda: use.profiles.change_own(ada.caller, NEW, "wrong", ELSEWHERE))
        for _ in range(6)
    ]
    assert outcomes == [(PasswordRequired, None)] * 5 + [(TooManyAttempts, 1)]
    assert refusal_of(lambda: use.signing_in.sign_in("ada@example.com", PASSWORD, ELSEWHERE)) == (
        TooManyAttempts,
        1,
    )


def test_a_wrong_present_password_is_a_failure_of_its_address(use: Services, ada: Member) -> None:
    for n in range(29):
        refusal_of(use.signing_in.sign_in, f"user{n}@example.com", PASSWORD, ELSEWHERE)
    refusal_of(use.profiles.change_own, ada.caller, EVE, "wrong", ELSEWHERE)
    assert refusal_of(use.signing_in.sign_in, "ada@example.com", PASSWORD, ELSEWHERE) == (
        TooManyAttempts,
        900,
    )


def test_the_right_password_forgets_the_wrong_ones(use: Services, ada: Member) -> None:
    spelling = Wish(email="Ada@example.com")
    passwords = [*["wrong"] * 4, PASSWORD, *["wrong"] * 4, PASSWORD]
    outcomes = [
        refusal_of(use.profiles.change_own, ada.caller, spelling, password, HERE)
        for password in passwords
    ]
    assert [kind for kind, _ in outcomes] == [
        None if password == PASSWORD else PasswordRequired for password in passwords
    ]


def test_a_new_password_is_the_one_from_then_on(use: Services, ada: Member) -> None:
    use.profiles.change_own(ada.caller, NEW, PASSWORD, HERE)
    assert use.signing_in.sign_in("ada@example.com", ANOTHER, HERE)
    assert refusal_of(lambda: use.signing_in.sign_in("ada@example.com", PASSWORD, HERE))[0]


def test_a_new_password_ends_every_session_this_one_too(use: Services, ada: Member) -> None:
    use.profiles.change_own(ada.caller, NEW, PASSWORD, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)


def test_a_new_address_ends_no_session_and_is_not_verified(use: Services) -> None:
    ada = a_member(use, is_verified=True)
    after = use.profiles.change_own(ada.caller, EVE, PASSWORD, HERE)
    assert (after.email, after.is_verified) == ("eve@example.com", False)
    assert caller_of(use, ada.signed_in).user == after


def test_with_a_new_address_one_signs_in_by_it_and_the_old_one_is_free(
    use: Services, ada: Member
) -> None:
    use.profiles.change_own(ada.caller, EVE, PASSWORD, HERE)
    assert use.signing_in.sign_in("eve@example.com", PASSWORD, HERE)
    assert use.registration.register("ada@example.com", ANOTHER, HERE)


@pytest.mark.parametrize("email", ["bob@example.com", "BOB@example.com"])
def test_a_taken_address_is_refused_before_a_weak_password(
    world: World, use: Services, ada: Member, email: str
) -> None:
    a_member(use, "bob@example.com")
    with pytest.raises(EmailTaken, match="UPDATE_USER_EMAIL_ALREADY_EXISTS"):
        use.profiles.change_own(ada.caller, Wish(email=email, password=WEAK), PASSWORD, HERE)
    assert stored(world, ada) == ada.user


def test_another_spelling_of_ones_own_address_is_free(use: Services) -> None:
    ada = a_member(use, is_verified=True)
    after = use.profiles.change_own(ada.caller, Wish(email="Ada@example.com"), PASSWORD, HERE)
    assert (after.email, after.is_verified) == ("Ada@example.com", True)


def test_a_spelling_that_could_be_another_mailbox_has_to_be_proven(use: Services) -> None:
    ada = a_member(use, "ada@strasse.example.com", is_verified=True)
    wish = Wish(email="ada@straße.example.com")
    assert not use.profiles.change_own(ada.caller, wish, PASSWORD, HERE).is_verified


@pytest.mark.parametrize(
    "wish",
    [Wish(password=WEAK), Wish("eve.somebody@example.com", "eve.somebody and nobody else")],
)
def test_a_weak_password_changes_nothing(
    world: World, use: Services, ada: Member, wish: Wish
) -> None:
    with pytest.raises(WeakPassword) as refusal:
        use.profiles.change_own(ada.caller, wish, PASSWORD, HERE)
    code = {"code": "UPDATE_USER_INVALID_PASSWORD", "reason": refusal.value.reason}
    assert refusal.value.detail == code
    assert stored(world, ada) == ada.user


def test_of_two_users_who_take_one_free_address_at_once_one_gets_it(use: Services) -> None:
    people = [a_member(use, f"{name}@example.com") for name in ("ada", "bob")]
    refused = in_parallel(
        people, lambda each: use.profiles.change_own(each.caller, EVE, PASSWORD, HERE)
    )
    assert [str(each) for each in refused] == ["UPDATE_USER_EMAIL_ALREADY_EXISTS"]


class Resetting(FakePasswords):
    """While it hashes a password, the owner resets theirs."""

    def __init__(self, users: FakeUsers) -> None:
        super().__init__()
        self._users = users

    def hash(self, password: str) -> str:
        user = self._users.by_email("ada@example.com")
        if user and password == ANOTHER:
            self._users.change(user, Change(password_hash="the owner's", ends_sessions=True))
        return super().hash(password)


def test_a_change_by_who_was_signed_out_meanwhile_is_not_made(world: World) -> None:
    world.passwords = Resetting(world.users)
    use = world.services()
    ada = a_member(use)
    with pytest.raises(Unauthorized):
        use.profiles.change_own(
            ada.caller, Wish(email="eve@example.com", password=ANOTHER), PASSWORD, HERE
        )
    assert stored(world, ada).email == "ada@example.com"
    assert stored(world, ada).password_hash == "the owner's"


def test_a_change_meets_another_ones_without_undoing_it(
    world: World, use: Services, ada: Member
) -> None:
    world.users.change(ada.user, Change(is_verified=True))
    after = use.profiles.change_own(ada.caller, NEW, None, HERE)
    assert (after.is_verified, after.session_version) == (True, 2)


def test_the_old_address_is_told_of_a_new_one_and_of_a_new_password(
    world: World, use: Services, ada: Member
) -> None:
    wish = Wish(email="eve@example.com", password=ANOTHER)
    use.profiles.change_own(ada.caller, wish, PASSWORD, HERE)
    assert [(each.kind, each.to) for each in world.outbox.letters] == [
        (Kind.EMAIL_CHANGED, "ada@example.com"),
        (Kind.PASSWORD_CHANGED, "ada@example.com"),
    ]


def test_a_change_is_made_also_when_nobody_can_be_told(
    world: World, use: Services, ada: Member
) -> None:
    world.outbox.is_down = True
    assert use.profiles.change_own(ada.caller, EVE, PASSWORD, HERE).email == "eve@example.com"


def test_each_kind_of_change_is_audited(world: World, use: Services, ada: Member) -> None:
    root = a_member(use, "root@example.com", is_superuser=True)
    before = len(world.trail.entries)
    wish = Wish("eve@example.com", ANOTHER, is_active=False, is_superuser=True, is_verified=True)
    use.profiles.change_other(root.caller, ada.user, wish, HERE.by(root.user.id))
    entries = world.trail.entries[before:]
    assert [each.event for each in entries] == [
        Event.EMAIL_CHANGED,
        Event.PASSWORD_CHANGED,
        Event.PRIVILEGE_CHANGED,
        Event.ACTIVE_CHANGED,
        Event.VERIFIED_CHANGED,
    ]
    assert {(each.actor, each.target) for each in entries} == {(root.user.id, ada.user.id)}


@pytest.mark.parametrize("user_id", ["", "x", "ü" * 3000, a_user().id, a_user().id.upper()])
def test_who_is_not_there_cannot_be_changed(use: Services, user_id: str) -> None:
    with pytest.raises(NotFound):
        use.profiles.change(user_id, Wish(is_active=False), HERE)


def test_what_is_no_id_is_not_looked_up(world: World) -> None:
    use, calls = recorded(world)
    refusal_of(use.profiles.change, "x" * 3000, Wish(is_active=False), HERE)
    assert calls == []


def test_the_command_line_changes_users_by_id(use: Services, ada: Member) -> None:
    after = use.profiles.change(ada.user.id, Wish(is_superuser=True), HERE)
    assert after == replace(ada.user, is_superuser=True)

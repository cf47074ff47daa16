import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.users import Wish
from chalicelib.errors import Forbidden, LastSuperuser, PasswordRequired, Unauthorized, WeakPassword
from tests.contracts.stores import in_parallel
from tests.unit.services.accounts import (
    ANOTHER,
    HERE,
    WEAK,
    Member,
    a_member,
    again,
    caller_of,
)
from tests.world import World

DEMOTED, INACTIVE = Wish(is_superuser=False), Wish(is_active=False)


@pytest.fixture
def root(use: Services) -> Member:
    return a_member(use, "root@example.com", is_superuser=True)


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def test_a_superuser_changes_everything_of_others_without_a_password_of_theirs(
    world: World, use: Services, root: Member, ada: Member
) -> None:
    world.clock.advance(days=1)
    wish = Wish("eve@example.com", ANOTHER, is_superuser=True, is_verified=True)
    after = use.profiles.change_other(root.caller, ada.user, wish, HERE)
    assert (after.email, after.is_superuser, after.is_verified) == ("eve@example.com", True, True)
    assert use.signing_in.sign_in("eve@example.com", ANOTHER, HERE)


def test_a_deactivation_acts_on_the_very_next_request(
    use: Services, root: Member, ada: Member
) -> None:
    use.profiles.change_other(root.caller, ada.user, INACTIVE, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)


def test_a_reactivation_brings_no_session_back(use: Services, root: Member, ada: Member) -> None:
    inactive = use.profiles.change_other(root.caller, ada.user, INACTIVE, HERE)
    use.profiles.change_other(root.caller, inactive, Wish(is_active=True), HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)


def test_a_promotion_and_a_demotion_act_on_the_very_next_request(
    use: Services, root: Member, ada: Member
) -> None:
    credential = use.authentication.identify(ada.signed_in.access_token)
    promoted = use.profiles.change_other(root.caller, ada.user, Wish(is_superuser=True), HERE)
    assert use.authentication.superuser(credential)[0].user == promoted
    use.profiles.change_other(root.caller, promoted, DEMOTED, HERE)
    with pytest.raises(Forbidden):
        use.authentication.superuser(credential)


def test_a_superusers_password_for_another_is_held_to_the_same_policy(
    use: Services, root: Member, ada: Member
) -> None:
    with pytest.raises(WeakPassword):
        use.profiles.change_other(root.caller, ada.user, Wish(password=WEAK), HERE)


def test_the_owner_is_told_what_a_superuser_did_to_their_password(
    world: World, use: Services, root: Member, ada: Member
) -> None:
    use.profiles.change_other(root.caller, ada.user, Wish(password=ANOTHER), HERE)
    assert [(each.kind, each.to) for each in world.outbox.letters] == [
        (Kind.PASSWORD_CHANGED, "ada@example.com")
    ]


@pytest.mark.parametrize("wish", [Wish(email="eve@example.com"), Wish(password=ANOTHER)])
def test_a_superusers_own_address_and_password_stay_guarded_by_the_other_route(
    world: World, use: Services, root: Member, wish: Wish
) -> None:
    world.clock.advance(seconds=600)
    with pytest.raises(PasswordRequired):
        use.profiles.change_other(root.caller, root.user, wish, HERE)
    assert again(world, root.caller) == root.caller


def test_right_after_signing_in_a_superuser_changes_their_own_password_by_the_other_route(
    use: Services, root: Member
) -> None:
    use.profiles.change_other(root.caller, root.user, Wish(password=ANOTHER), HERE)
    assert use.signing_in.sign_in("root@example.com", ANOTHER, HERE)


def test_what_is_not_sensitive_a_superuser_changes_of_themselves_at_any_time(
    world: World, use: Services, root: Member
) -> None:
    world.clock.advance(days=1)
    after = use.profiles.change_other(root.caller, root.user, Wish(is_verified=True), HERE)
    assert after.is_verified


@pytest.mark.parametrize("wish", [DEMOTED, INACTIVE])
def test_the_last_superuser_is_neither_demoted_nor_deactivated(
    world: World, use: Services, root: Member, ada: Member, wish: Wish
) -> None:
    with pytest.raises(LastSuperuser, match="LAST_SUPERUSER"):
        use.profiles.change_other(root.caller, root.user, wish, HERE)
    with pytest.raises(LastSuperuser):
        use.profiles.change(root.user.id, wish, HERE)
    assert again(world, root.caller) == root.caller


def test_an_inactive_superuser_does_not_count(use: Services, root: Member) -> None:
    other = a_member(use, "other@example.com", is_superuser=True)
    use.profiles.change_other(root.caller, other.user, INACTIVE, HERE)
    with pytest.raises(LastSuperuser):
        use.profiles.change_other(root.caller, root.user, DEMOTED, HERE)


def test_of_two_superusers_one_may_go(use: Services, root: Member) -> None:
    a_member(use, "other@example.com", is_superuser=True)
    after = use.profiles.change_other(root.caller, root.user, DEMOTED, HERE)
    assert not after.is_superuser


def test_of_superusers_who_all_leave_at_once_one_remains(world: World, use: Services) -> None:
    roots = [a_member(use, f"root{n}@example.com", is_superuser=True) for n in range(6)]
    refused = in_parallel(roots, lambda each: use.profiles.delete_own(each.caller, None, HERE))
    assert [type(each) for each in refused] == [LastSuperuser]
    assert len(world.memory.users) == 1

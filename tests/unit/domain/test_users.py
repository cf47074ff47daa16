from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.users import (
    Change,
    User,
    Wish,
    change_of,
    is_other_address,
    is_sensitive,
)
from tests.samples import a_user

FLAGS = ("is_active", "is_superuser", "is_verified")
EMAILS = ["ada@example.com", "ADA@example.com", "eve@example.com"]

users = st.builds(
    a_user,
    email=st.sampled_from(EMAILS),
    is_active=st.booleans(),
    is_superuser=st.booleans(),
    is_verified=st.booleans(),
    session_version=st.integers(1, 100),
)
maybe = st.none() | st.booleans()
wishes = st.builds(
    Wish,
    email=st.none() | st.sampled_from(EMAILS),
    is_active=maybe,
    is_superuser=maybe,
    is_verified=maybe,
)
hashes = st.none() | st.just("another hash")


@given(users, wishes, hashes)
def test_nobody_gets_a_privilege_that_was_not_wished(
    user: User, wish: Wish, hashed: str | None
) -> None:
    after = change_of(user, wish, hashed).of(user)
    gained = [flag for flag in FLAGS if getattr(after, flag) and not getattr(user, flag)]
    assert all(getattr(wish, flag) is True for flag in gained)


@given(users, wishes, hashes)
def test_what_is_wished_comes_true(user: User, wish: Wish, hashed: str | None) -> None:
    after = change_of(user, wish, hashed).of(user)
    wished = {name: value for name, value in vars(wish).items() if value is not None}
    assert {name: getattr(after, name) for name in wished} == wished
    assert after.password_hash == (hashed or user.password_hash)


@given(users, wishes, hashes)
def test_what_is_not_wished_stays_but_for_the_proof_of_an_address(
    user: User, wish: Wish, hashed: str | None
) -> None:
    after = change_of(user, wish, hashed).of(user)
    kept = [name for name in ("email", *FLAGS) if getattr(wish, name) is None]
    is_moved = after.email != user.email
    stays = [name for name in kept if not (name == "is_verified" and is_moved)]
    assert [getattr(after, name) for name in stays] == [getattr(user, name) for name in stays]
    assert (after.id, after.created_at) == (user.id, user.created_at)


@given(users, wishes, hashes)
def test_a_new_address_is_not_verified_unless_wished_so(
    user: User, wish: Wish, hashed: str | None
) -> None:
    after = change_of(user, wish, hashed).of(user)
    if after.email.lower() != user.email.lower():
        assert after.is_verified is (wish.is_verified or False)


@given(users, wishes, hashes)
def test_a_new_password_and_a_deactivation_end_all_sessions_and_nothing_else_does(
    user: User, wish: Wish, hashed: str | None
) -> None:
    after = change_of(user, wish, hashed).of(user)
    is_deactivated = user.is_active and not after.is_active
    ended = 1 if hashed or is_deactivated else 0
    assert after.session_version == user.session_version + ended


@given(users)
def test_what_already_is_so_is_no_change(user: User) -> None:
    same = Wish(user.email, None, user.is_active, user.is_superuser, user.is_verified)
    assert not change_of(user, same)
    assert not change_of(user, Wish())
    assert not Change()


@given(users, wishes, hashes)
def test_a_change_made_twice_is_the_change_made_once_but_for_the_sessions(
    user: User, wish: Wish, hashed: str | None
) -> None:
    change = change_of(user, wish, hashed)
    once, twice = change.of(user), change.of(change.of(user))
    assert replace(twice, session_version=once.session_version) == once
    assert not change_of(once, wish)


@pytest.mark.parametrize(
    "change",
    [
        Change(email="eve@example.com"),
        Change(password_hash="x"),
        Change(is_active=False),
        Change(is_superuser=False),
        Change(is_verified=False),
        Change(ends_sessions=True),
    ],
)
def test_each_part_of_a_change_is_a_change(change: Change) -> None:
    assert change


@pytest.mark.parametrize(
    ("is_active", "is_superuser", "has_power"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_only_an_active_superuser_has_power(
    is_active: bool, is_superuser: bool, has_power: bool
) -> None:
    assert a_user(is_active=is_active, is_superuser=is_superuser).has_power is has_power


def test_a_new_user_has_no_privilege_and_sessions_of_the_first_version() -> None:
    user = User("id", "ada@example.com", "hash", 0)
    assert (user.is_active, user.is_superuser, user.is_verified) == (True, False, False)
    assert user.session_version == 1


@pytest.mark.parametrize(
    ("wish", "sensitive"),
    [
        (Wish(), False),
        (Wish(email="ada@example.com"), False),
        (Wish(email="Ada@example.com"), True),
        (Wish(email="eve@example.com"), True),
        (Wish(password="x"), True),
        (Wish(password=""), True),
        (Wish(is_active=False, is_superuser=True, is_verified=True), False),
    ],
)
def test_what_an_account_is_got_back_by_is_sensitive(wish: Wish, sensitive: bool) -> None:
    assert is_sensitive(a_user(email="ada@example.com"), wish) is sensitive


@pytest.mark.parametrize(
    ("email", "is_other"),
    [
        (None, False),
        ("straße@example.com", False),
        ("STRASSE@example.com", False),
        ("eve@example.com", True),
    ],
)
def test_another_spelling_is_no_other_address(email: str | None, is_other: bool) -> None:
    assert is_other_address(a_user(email="strasse@example.com"), email) is is_other


def test_no_secret_is_shown_with_who_has_it() -> None:
    shown = f"{a_user(password_hash='secret')} {Wish(password='secret')} "
    assert "secret" not in shown + f"{Change(password_hash='secret')}"

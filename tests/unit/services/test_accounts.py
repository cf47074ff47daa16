from dataclasses import replace

import pytest

from chalicelib.domain.users import Caller
from chalicelib.errors import BadCredentials, EmailTaken, Unauthorized, WeakPassword
from chalicelib.services.accounts import Origin
from tests.samples import DAY
from tests.unit.services.conftest import UseCases
from tests.world import World

PASSWORD = "correct horse battery"
HERE = Origin("203.0.113.7", "a browser")


def test_who_registers_can_sign_in_with_the_address_in_any_spelling(
    world: World, use: UseCases
) -> None:
    user = use.accounts.register("ada@example.com", PASSWORD)
    token = use.accounts.sign_in(" ADA@Example.com ", PASSWORD, HERE)
    claims = world.tokens.verify(token, world.clock())
    assert use.authentication.caller(claims).user == user


def test_a_new_user_has_no_privilege(use: UseCases) -> None:
    user = use.accounts.register("ada@example.com", PASSWORD)
    assert (user.is_active, user.is_superuser, user.is_verified) == (True, False, False)


def test_the_command_line_may_make_a_verified_superuser(use: UseCases) -> None:
    root = use.accounts.register("root@example.com", PASSWORD, is_superuser=True, is_verified=True)
    assert (root.is_superuser, root.is_verified) == (True, True)


def test_the_password_is_kept_only_as_a_hash(world: World, use: UseCases) -> None:
    user = use.accounts.register("ada@example.com", PASSWORD)
    assert user.password_hash == world.passwords.hash(PASSWORD)


def test_a_weak_password_is_told_before_a_taken_address(world: World, use: UseCases) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    with pytest.raises(WeakPassword):
        use.accounts.register("ada@example.com", "short")
    assert len(world.memory.users) == 1


def test_an_address_is_registered_once(world: World, use: UseCases) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    with pytest.raises(EmailTaken):
        use.accounts.register("ADA@example.com", PASSWORD)
    assert len(world.memory.users) == 1


def test_one_password_typed_on_two_keyboards_is_one_password(use: UseCases) -> None:
    use.accounts.register("ada@example.com", "café café café café")
    assert use.accounts.sign_in("ada@example.com", "cafe\u0301 " * 3 + "cafe\u0301", HERE)


@pytest.mark.parametrize("email", ["bob@example.com", "not an address", ""])
def test_unknown_and_wrong_are_told_apart_by_nothing(
    world: World, use: UseCases, email: str
) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    with pytest.raises(BadCredentials) as unknown:
        use.accounts.sign_in(email, PASSWORD, HERE)
    with pytest.raises(BadCredentials) as wrong:
        use.accounts.sign_in("ada@example.com", "wrong", HERE)
    assert str(unknown.value) == str(wrong.value)
    assert len(world.passwords.compared) == 2


def test_an_inactive_user_has_bad_credentials(world: World, use: UseCases) -> None:
    user = use.accounts.register("ada@example.com", PASSWORD)
    world.memory.users[user.id] = replace(user, is_active=False)
    with pytest.raises(BadCredentials):
        use.accounts.sign_in("ada@example.com", PASSWORD, HERE)
    assert not world.memory.sessions


def test_a_session_tells_where_it_came_from_and_when_it_ends(world: World, use: UseCases) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    use.accounts.sign_in("ada@example.com", PASSWORD, Origin("203.0.113.7", "x" * 1000))
    [session] = world.memory.sessions.values()
    assert (session.source_ip, session.user_agent) == ("203.0.113.7", "x" * 256)
    assert session.expires_at == world.clock() + 90 * DAY


def test_each_sign_in_is_a_session_of_its_own(world: World, use: UseCases) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    for _ in range(2):
        use.accounts.sign_in("ada@example.com", PASSWORD, HERE)
    assert len(world.memory.sessions) == 2


def test_after_signing_out_the_token_is_refused_and_the_other_session_lives(
    world: World, use: UseCases
) -> None:
    use.accounts.register("ada@example.com", PASSWORD)
    tokens = [use.accounts.sign_in("ada@example.com", PASSWORD, HERE) for _ in range(2)]
    ended, kept = [world.tokens.verify(token, world.clock()) for token in tokens]
    caller: Caller = use.authentication.caller(ended)
    use.accounts.sign_out(caller)
    with pytest.raises(Unauthorized):
        use.authentication.caller(ended)
    assert use.authentication.caller(kept).user == caller.user

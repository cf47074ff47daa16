from dataclasses import replace
from typing import Literal
from unicodedata import normalize

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.users import Change
from chalicelib.errors import BadCredentials, NotVerified, Unauthorized
from tests.contracts.stores import in_parallel
from tests.fakes import FakePasswords, FakeUsers
from tests.samples import DAY
from tests.unit.services.accounts import (
    ANOTHER,
    ELSEWHERE,
    HERE,
    PASSWORD,
    a_member,
    caller_of,
    recorded,
    refusal_of,
)
from tests.unit.services.models import CATALOGUE
from tests.world import World


@pytest.mark.parametrize(
    "spelling", ["ada@example.com", " ADA@Example.com ", "\uff41\uff44\uff41@EXAMPLE.COM"]
)
def test_who_registered_signs_in_with_the_address_in_any_spelling(
    use: Services, spelling: str
) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    assert caller_of(use, use.signing_in.sign_in(spelling, PASSWORD, HERE)).user == user


@pytest.mark.parametrize(("chosen", "typed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_one_password_typed_on_two_keyboards_is_one_password(
    world: World, use: Services, chosen: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
) -> None:
    password = "Bjørk höört Ñandú"
    use.registration.register("ada@example.com", normalize(chosen, password), HERE)
    for cost in (1, 2, 3):
        world.passwords.cost = cost
        assert use.signing_in.sign_in("ada@example.com", normalize(typed, password), HERE)


@pytest.mark.parametrize("email", ["bob@example.com", "not an address", "", "@"])
def test_unknown_and_wrong_are_told_apart_by_nothing(use: Services, email: str) -> None:
    use.registration.register("ada@example.com", PASSWORD, HERE)
    with pytest.raises(BadCredentials) as unknown:
        use.signing_in.sign_in(email, PASSWORD, HERE)
    with pytest.raises(BadCredentials) as wrong:
        use.signing_in.sign_in("ada@example.com", "wrong", HERE)
    assert vars(unknown.value) == vars(wrong.value)


def test_unknown_wrong_and_inactive_cost_the_same_calls_in_the_same_order(world: World) -> None:
    use, calls = recorded(world)
    a_member(use)
    bob = use.registration.register("bob@example.com", PASSWORD, HERE)
    world.users.change(bob, Change(is_active=False))
    costs = []
    for email, password in (
        ("nobody@example.com", PASSWORD),
        ("ada@example.com", "wrong"),
        ("bob@example.com", PASSWORD),
    ):
        calls.clear()
        with pytest.raises(BadCredentials):
            use.signing_in.sign_in(email, password, ELSEWHERE)
        costs.append(list(calls))
    assert costs[0] == costs[1] == costs[2]
    assert costs[0].count("FakePasswords.verify") == 1


def test_an_inactive_user_gets_no_session(world: World, use: Services) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    world.memory.users[user.id] = replace(user, is_active=False)
    with pytest.raises(BadCredentials):
        use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    assert not world.memory.sessions


def test_a_session_tells_where_it_came_from_and_when_it_ends(world: World, use: Services) -> None:
    use.registration.register("ada@example.com", PASSWORD, HERE)
    use.signing_in.sign_in("ada@example.com", PASSWORD, Origin("203.0.113.7", "x" * 1000))
    [session] = world.memory.sessions.values()
    assert (session.source_ip, session.user_agent) == ("203.0.113.7", "x" * 256)
    assert session.expires_at == world.clock() + 30 * DAY


def test_each_sign_in_is_a_session_of_its_own(world: World, use: Services) -> None:
    use.registration.register("ada@example.com", PASSWORD, HERE)
    tokens = {use.signing_in.sign_in("ada@example.com", PASSWORD, HERE) for _ in range(3)}
    assert len(tokens) == len(world.memory.sessions) == 3


def test_the_access_token_does_not_tell_how_the_next_refresh_token_is_made(
    world: World, use: Services
) -> None:
    ada = a_member(use)
    [session] = world.memory.sessions.values()
    assert session.chain.nonce
    assert session.chain.nonce not in ada.signed_in.access_token.replace("-", "")


def test_tokens_are_not_shown() -> None:
    use = World(CATALOGUE).services()
    use.registration.register("ada@example.com", PASSWORD, HERE)
    signed_in = use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    assert repr(signed_in) == "SignedIn()"


def test_a_right_password_of_an_unproven_address_is_told_so_where_it_has_to_be_proven() -> None:
    world = World(CATALOGUE, require_verification=True)
    use = world.services()
    use.registration.register("ada@example.com", PASSWORD, HERE)
    with pytest.raises(BadCredentials):
        use.signing_in.sign_in("ada@example.com", "wrong", HERE)
    with pytest.raises(NotVerified, match="LOGIN_USER_NOT_VERIFIED"):
        use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    assert not world.memory.sessions


def test_an_unproven_address_is_not_locked_for_its_right_passwords() -> None:
    use = World(CATALOGUE, require_verification=True).services()
    use.registration.register("ada@example.com", PASSWORD, HERE)
    outcomes = [
        refusal_of(lambda: use.signing_in.sign_in("ada@example.com", PASSWORD, HERE))
        for _ in range(20)
    ]
    assert outcomes == [(NotVerified, None)] * 20


def test_a_proven_address_signs_in_where_it_has_to_be_proven() -> None:
    use = World(CATALOGUE, require_verification=True).services()
    use.registration.register("ada@example.com", PASSWORD, HERE, is_verified=True)
    assert use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)


def test_sign_ins_are_audited_however_they_end() -> None:
    world = World(CATALOGUE, require_verification=True)
    use = world.services()
    ada = use.registration.register("ada@example.com", PASSWORD, HERE)
    bob = use.registration.register("bob@example.com", PASSWORD, HERE, is_verified=True)
    for email, password in (
        ("nobody@example.com", PASSWORD),
        ("bob@example.com", "wrong"),
        ("ada@example.com", PASSWORD),
        ("bob@example.com", PASSWORD),
    ):
        refusal_of(use.signing_in.sign_in, email, password, HERE)
    entries = [each for each in world.trail.entries if each.event is Event.SIGN_IN]
    assert [(each.actor, each.target, each.outcome) for each in entries] == [
        ("", "", Outcome.FAILED),
        ("", bob.id, Outcome.FAILED),
        ("", ada.id, Outcome.FAILED),
        (bob.id, bob.id, Outcome.OK),
    ]


def test_a_throttled_sign_in_is_audited_without_a_look_at_the_password(world: World) -> None:
    use, calls = recorded(world)
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    for _ in range(5):
        refusal_of(lambda: use.signing_in.sign_in("ada@example.com", "wrong", HERE))
    calls.clear()
    refusal_of(lambda: use.signing_in.sign_in("ada@example.com", "wrong", HERE))
    last = world.trail.entries[-1]
    assert (last.event, last.target, last.outcome) == (Event.SIGN_IN, user.id, Outcome.THROTTLED)
    assert not [call for call in calls if call.startswith("FakePasswords")]


def test_of_nobody_a_throttled_sign_in_is_audited_all_the_same(world: World) -> None:
    use = world.services()
    for _ in range(6):
        refusal_of(lambda: use.signing_in.sign_in("nobody@example.com", "wrong", HERE))
    last = world.trail.entries[-1]
    assert (last.event, last.target, last.outcome) == (Event.SIGN_IN, "", Outcome.THROTTLED)


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(
    world: World, use: Services
) -> None:
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    world.passwords.cost = 2
    caller = caller_of(use, use.signing_in.sign_in("ada@example.com", PASSWORD, HERE))
    assert caller.user.password_hash == world.passwords.hash(PASSWORD) != user.password_hash
    assert caller.user.session_version == user.session_version


def test_a_hash_of_the_present_cost_is_left_alone(world: World) -> None:
    use, calls = recorded(world)
    a_member(use)
    calls.clear()
    use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    assert "FakePasswords.hash" not in calls
    assert "FakeUsers.change" not in calls


def test_many_sign_ins_at_once_with_an_outdated_hash_all_succeed(
    world: World, use: Services
) -> None:
    a_member(use)
    world.passwords.cost = 2
    refused = in_parallel(
        range(5), lambda _: use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    )
    assert not refused


class Overtaken(FakePasswords):
    """While it says that a hash is outdated, another password is chosen."""

    def __init__(self, users: FakeUsers) -> None:
        super().__init__()
        self._users = users

    def is_outdated(self, hashed: str) -> bool:
        user = self._users.by_email("ada@example.com")
        assert user
        self._users.change(user, Change(password_hash=self.hash(ANOTHER), ends_sessions=True))
        return True


def test_a_sign_in_with_a_password_that_is_changed_meanwhile_does_not_last(world: World) -> None:
    world.passwords = Overtaken(world.users)
    use = world.services()
    user = use.registration.register("ada@example.com", PASSWORD, HERE)
    signed_in = use.signing_in.sign_in("ada@example.com", PASSWORD, HERE)
    assert world.memory.users[user.id].password_hash == world.passwords.hash(ANOTHER)
    with pytest.raises(Unauthorized):
        caller_of(use, signed_in)

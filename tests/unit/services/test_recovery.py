from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import Scope
from chalicelib.domain.accounts.audit import Event, Outcome
from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.domain.accounts.one_time import LONGEST, Purpose, issued
from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import (
    AlreadyVerified,
    AppError,
    BadToken,
    TooManyAttempts,
    Unauthorized,
    Unavailable,
    WeakPassword,
)
from chalicelib.services.ports.reading import Wanted
from tests.contracts.stores import at_once
from tests.fakes import FakeOneTimeTokens, FakeUsers
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

NEWEST = "yet another private sentence"


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def mailed(world: World, user: User, purpose: Purpose = Purpose.RESET) -> str:
    """A token as the mailer makes one."""
    token, text = issued(user, purpose, world.clock(), 3600)
    world.one_time_tokens.add(token)
    return text


def the_user(world: World) -> User:
    user = world.users.by_email("ada@example.com")
    assert user
    return user


def is_bad(act: Callable[[], object], code: str = "RESET_PASSWORD_BAD_TOKEN") -> bool:
    with pytest.raises(BadToken) as refusal:
        act()
    return refusal.value.detail == code


def test_to_ask_is_to_post_a_letter_and_nothing_else(world: World) -> None:
    use, calls = recorded(world)
    use.recovery.ask_for_reset("ada@example.com", HERE)
    use.recovery.ask_to_verify("ada@example.com", HERE)
    assert world.outbox.letters == [
        Letter(Kind.RESET, "ada@example.com", "r-1"),
        Letter(Kind.VERIFY, "ada@example.com", "r-1"),
    ]
    assert calls == ["FakeCounters.spend", "FakeOutbox.post"] * 2


@pytest.mark.parametrize("ask", ["ask_for_reset", "ask_to_verify"])
def test_known_unknown_inactive_and_verified_cost_the_same_calls(world: World, ask: str) -> None:
    use, calls = recorded(world)
    a_member(use)
    bob = use.registration.register("bob@example.com", PASSWORD, HERE, is_verified=True)
    world.users.change(bob, Change(is_active=False))
    costs = []
    for email in ("ada@example.com", "bob@example.com", "nobody@example.com"):
        calls.clear()
        getattr(use.recovery, ask)(email, HERE)
        costs.append(list(calls))
    assert costs == [["FakeCounters.spend", "FakeOutbox.post"]] * 3


@pytest.mark.parametrize("ask", ["ask_for_reset", "ask_to_verify"])
def test_an_address_may_ask_for_twenty_mails_an_hour(world: World, use: Services, ask: str) -> None:
    outcomes = [
        refusal_of(getattr(use.recovery, ask), f"user{n}@example.com", HERE) for n in range(21)
    ]
    assert outcomes == [(None, None)] * 20 + [(TooManyAttempts, 3600)]
    assert len(world.outbox.letters) == 20
    assert refusal_of(lambda: getattr(use.recovery, ask)("x@example.com", ELSEWHERE)) == (
        None,
        None,
    )


def test_what_is_asked_for_while_the_queue_is_down_is_told(world: World, use: Services) -> None:
    world.outbox.is_down = True
    with pytest.raises(Unavailable):
        use.recovery.ask_for_reset("ada@example.com", HERE)


def test_a_reset_gives_the_account_a_new_password(world: World, use: Services, ada: Member) -> None:
    use.recovery.reset(mailed(world, ada.user), ANOTHER, HERE)
    assert use.signing_in.sign_in("ada@example.com", ANOTHER, HERE)
    assert refusal_of(lambda: use.signing_in.sign_in("ada@example.com", PASSWORD, HERE))[0]


def test_a_reset_ends_every_session_and_key(world: World, use: Services, ada: Member) -> None:
    scope = Scope.MODELS_READ
    _, key = use.api_keys.mint(ada.caller, "robot", [scope], 60, HERE)
    use.recovery.reset(mailed(world, ada.user), ANOTHER, HERE)
    with pytest.raises(Unauthorized):
        caller_of(use, ada.signed_in)
    with pytest.raises(Unauthorized):
        use.authentication.look(use.authentication.identify(key), Wanted(), scope)


def test_a_reset_changes_nothing_else(world: World, use: Services, ada: Member) -> None:
    use.recovery.reset(mailed(world, ada.user), ANOTHER, HERE)
    hashed = world.passwords.hash(ANOTHER)
    assert the_user(world) == replace(ada.user, password_hash=hashed, session_version=2)


def test_a_reset_lets_an_owner_in_whom_strangers_locked_out(
    world: World, use: Services, ada: Member
) -> None:
    for _ in range(6):
        refusal_of(lambda: use.signing_in.sign_in("ada@example.com", "wrong", ELSEWHERE))
    use.recovery.reset(mailed(world, ada.user), ANOTHER, ELSEWHERE)
    assert use.signing_in.sign_in("ada@example.com", ANOTHER, ELSEWHERE)


def test_a_reset_token_works_once(world: World, use: Services, ada: Member) -> None:
    text = mailed(world, ada.user)
    use.recovery.reset(text, ANOTHER, HERE)
    assert is_bad(lambda: use.recovery.reset(text, NEWEST, HERE))
    assert use.signing_in.sign_in("ada@example.com", ANOTHER, HERE)


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_used_reset_token_is_bad_before_a_password_is_looked_at(
    world: World, use: Services, is_verified: bool
) -> None:
    ada = a_member(use, is_verified=is_verified)
    token, text = issued(ada.user, Purpose.RESET, world.clock(), 3600)
    world.one_time_tokens.add(token)
    world.one_time_tokens.consume(token)
    assert is_bad(lambda: use.recovery.reset(text, WEAK, HERE))


def test_one_reset_ends_the_tokens_that_were_mailed_before(
    world: World, use: Services, ada: Member
) -> None:
    first, second = mailed(world, ada.user), mailed(world, ada.user)
    use.recovery.reset(first, ANOTHER, HERE)
    assert is_bad(lambda: use.recovery.reset(second, NEWEST, HERE))


@pytest.mark.parametrize("count", [1, 5])
def test_of_resets_at_once_by_one_token_or_several_one_wins(
    world: World, use: Services, ada: Member, count: int
) -> None:
    texts = [mailed(world, ada.user) for _ in range(count)] * (10 // count)
    outcomes = at_once(
        texts, lambda text: refusal_of(lambda: use.recovery.reset(text, ANOTHER, HERE))[0]
    )
    assert outcomes.count(None) == 1
    assert outcomes.count(BadToken) == 9
    assert the_user(world).session_version == 2


@pytest.mark.parametrize("password", [WEAK, "short", "ada@example.com is me"])
def test_after_a_weak_password_the_token_still_works(
    world: World, use: Services, ada: Member, password: str
) -> None:
    text = mailed(world, ada.user)
    with pytest.raises(WeakPassword) as refusal:
        use.recovery.reset(text, password, HERE)
    code = {"code": "RESET_PASSWORD_INVALID_PASSWORD", "reason": refusal.value.reason}
    assert refusal.value.detail == code
    use.recovery.reset(text, ANOTHER, HERE)


@pytest.mark.parametrize("text", ["", "x", "a" * 52, "ü" * 60, "x" * LONGEST, "x" * 10**6])
def test_what_was_never_mailed_does_nothing(use: Services, ada: Member, text: str) -> None:
    assert is_bad(lambda: use.recovery.reset(text, ANOTHER, HERE))
    assert is_bad(lambda: use.recovery.verify(text, HERE), "VERIFY_USER_BAD_TOKEN")


def test_what_is_too_long_is_not_looked_up(world: World) -> None:
    use, calls = recorded(world)
    refusal_of(lambda: use.recovery.reset("x" * (LONGEST + 1), ANOTHER, HERE))
    assert "FakeOneTimeTokens.find" not in calls
    assert "FakePasswords.hash" not in calls


def test_a_token_for_something_else_does_nothing(world: World, use: Services, ada: Member) -> None:
    assert is_bad(
        lambda: use.recovery.reset(mailed(world, ada.user, Purpose.VERIFY), ANOTHER, HERE)
    )
    assert is_bad(
        lambda: use.recovery.verify(mailed(world, ada.user), HERE), "VERIFY_USER_BAD_TOKEN"
    )


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("change", [Change(is_active=False), Change(email="eve@example.com"), None])
def test_a_token_does_nothing_for_who_is_inactive_gone_or_has_another_address(
    world: World, use: Services, ada: Member, purpose: Purpose, change: Change | None
) -> None:
    text = mailed(world, ada.user, purpose)
    if change:
        world.users.change(ada.user, change)
    else:
        world.users.remove(ada.user)
    with pytest.raises(BadToken):
        redeemed(use, purpose, text)


def redeemed(use: Services, purpose: Purpose, text: str) -> None:
    if purpose is Purpose.RESET:
        use.recovery.reset(text, ANOTHER, HERE)
    else:
        use.recovery.verify(text, HERE)


def test_a_reset_token_of_before_a_new_password_does_nothing(
    world: World, use: Services, ada: Member
) -> None:
    text = mailed(world, ada.user)
    world.users.change(ada.user, Change(password_hash="x", ends_sessions=True))
    assert is_bad(lambda: use.recovery.reset(text, ANOTHER, HERE))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_works_for_an_hour(
    world: World, use: Services, ada: Member, purpose: Purpose
) -> None:
    text, late = (mailed(world, ada.user, purpose) for _ in range(2))
    world.clock.advance(seconds=3600, ms=-1)
    redeemed(use, purpose, text)
    world.clock.advance(1)
    with pytest.raises(BadToken):
        redeemed(use, purpose, late)


def test_a_mailed_token_proves_the_address(world: World, use: Services, ada: Member) -> None:
    after = use.recovery.verify(mailed(world, ada.user, Purpose.VERIFY), HERE)
    assert after == replace(ada.user, is_verified=True) == the_user(world)
    assert caller_of(use, ada.signed_in).user == after


def test_who_is_verified_already_is_told_so(world: World, use: Services, ada: Member) -> None:
    text, other = (mailed(world, ada.user, Purpose.VERIFY) for _ in range(2))
    use.recovery.verify(text, HERE)
    for each in (text, other):
        with pytest.raises(AlreadyVerified, match="VERIFY_USER_ALREADY_VERIFIED"):
            use.recovery.verify(each, HERE)


def test_a_used_token_proves_nothing_again_after_the_proof_was_taken_back(
    world: World, use: Services, ada: Member
) -> None:
    text = mailed(world, ada.user, Purpose.VERIFY)
    verified = use.recovery.verify(text, HERE)
    world.users.change(verified, Change(is_verified=False))
    assert is_bad(lambda: use.recovery.verify(text, HERE), "VERIFY_USER_BAD_TOKEN")


def test_of_many_who_verify_at_once_one_wins(world: World, use: Services, ada: Member) -> None:
    text = mailed(world, ada.user, Purpose.VERIFY)
    outcomes = at_once(range(10), lambda _: refusal_of(lambda: use.recovery.verify(text, HERE))[0])
    assert outcomes.count(None) == 1
    assert set(outcomes) <= {None, BadToken, AlreadyVerified}


class Spent(FakeOneTimeTokens):
    """Somebody else is always first."""

    def consume(self, token: object) -> bool:
        return False


@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_is_second_gets_what_a_used_token_gets(world: World, purpose: Purpose) -> None:
    world.one_time_tokens = Spent(world.memory)
    use = world.services()
    ada = a_member(use)
    with pytest.raises(BadToken):
        redeemed(use, purpose, mailed(world, ada.user, purpose))
    assert the_user(world) == ada.user


class Moving(FakeUsers):
    """Between the reading of a user and the change of them, something happens."""

    meanwhile: Change | None = None

    def change(self, user: User, change: Change) -> User:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            super().change(user, meanwhile)
        return super().change(user, change)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_proves_no_address_that_the_user_takes_meanwhile(
    world: World, purpose: Purpose
) -> None:
    world.users = Moving(world.memory)
    use = world.services()
    ada = a_member(use)
    world.users.meanwhile = Change(email="eve@example.com")
    with pytest.raises(BadToken):
        redeemed(use, purpose, mailed(world, ada.user, purpose))
    assert world.memory.users[ada.user.id] == replace(ada.user, email="eve@example.com")


def test_a_token_works_for_a_user_who_is_changed_otherwise_meanwhile(world: World) -> None:
    world.users = Moving(world.memory)
    use = world.services()
    ada = a_member(use)
    world.users.meanwhile = Change(is_superuser=True)
    after = use.recovery.verify(mailed(world, ada.user, Purpose.VERIFY), HERE)
    assert after == replace(ada.user, is_superuser=True, is_verified=True)


class Leaving(FakeUsers):
    """The user is removed just before the change."""

    def change(self, user: User, change: Change) -> User:
        self.remove(user)
        return super().change(user, change)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_does_nothing_for_who_leaves_meanwhile(world: World, purpose: Purpose) -> None:
    world.users = Leaving(world.memory)
    use = world.services()
    ada = a_member(use)
    with pytest.raises(BadToken):
        redeemed(use, purpose, mailed(world, ada.user, purpose))


def test_resets_and_proofs_are_audited(world: World, use: Services, ada: Member) -> None:
    before = len(world.trail.entries)
    use.recovery.verify(mailed(world, ada.user, Purpose.VERIFY), HERE)
    use.recovery.reset(mailed(world, the_user(world)), ANOTHER, HERE)
    refusal_of(lambda: use.recovery.reset("nonsense", ANOTHER, HERE))
    entries = [(each.event, each.target, each.outcome) for each in world.trail.entries[before:]]
    assert entries == [
        (Event.VERIFIED, ada.user.id, Outcome.OK),
        (Event.PASSWORD_RESET, ada.user.id, Outcome.OK),
        (Event.PASSWORD_RESET, "", Outcome.FAILED),
    ]


def test_the_owner_is_told_of_a_reset(world: World, use: Services, ada: Member) -> None:
    use.recovery.reset(mailed(world, ada.user), ANOTHER, HERE)
    assert world.outbox.letters == [Letter(Kind.PASSWORD_CHANGED, "ada@example.com", "r-1")]


def test_guesses_of_tokens_are_failures_of_their_address(use: Services, ada: Member) -> None:
    outcomes: list[type[AppError] | None] = []
    for purpose in [*Purpose] * 16:
        outcomes.append(refusal_of(redeemed, use, purpose, "guess")[0])
    assert outcomes == [BadToken] * 30 + [TooManyAttempts] * 2

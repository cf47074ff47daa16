from dataclasses import replace

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Outcome as Ended
from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.throttling import Failures
from chalicelib.errors import AppError, BadCredentials, TooManyAttempts, Unauthorized
from chalicelib.services.accounts.throttling import Throttling
from tests.contracts.stores import at_once
from tests.fakes import FakeCounters
from tests.unit.services.accounts import (
    ELSEWHERE,
    HERE,
    PASSWORD,
    Member,
    a_member,
    caller_of,
    refusal_of,
)
from tests.unit.services.models import CATALOGUE
from tests.world import World

Outcome = tuple[type[AppError] | None, int | None]
WRONG = (BadCredentials, None)
QUARTER = 15 * 60


@pytest.fixture
def ada(use: Services) -> Member:
    """She signed in from HERE, which is trusted since."""
    return a_member(use)


def attempt(
    use: Services,
    origin: Origin = ELSEWHERE,
    email: str = "ada@example.com",
    password: str = "wrong",
) -> Outcome:
    return refusal_of(lambda: use.signing_in.sign_in(email, password, origin))


def from_address(n: int) -> Origin:
    return Origin(f"198.51.100.{n}")


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "not an address"])
def test_twenty_wrong_passwords_at_once_get_five_answers(
    use: Services, ada: Member, email: str
) -> None:
    outcomes = [attempt(use, email=email) for _ in range(20)]
    assert outcomes == [WRONG] * 5 + [(TooManyAttempts, 1)] * 15


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "not an address"])
def test_who_waits_as_told_waits_twice_as_long_each_time(
    world: World, use: Services, ada: Member, email: str
) -> None:
    waits = []
    for _ in range(20):
        kind, wait = attempt(use, email=email)
        if wait is not None:
            waits.append(wait)
            world.clock.advance(seconds=wait)
            kind, _ = attempt(use, email=email)
        assert kind is BadCredentials
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]


def test_a_millisecond_early_is_too_early(world: World, use: Services, ada: Member) -> None:
    for _ in range(5):
        attempt(use)
    world.clock.advance(999)
    assert attempt(use) == (TooManyAttempts, 1)
    world.clock.advance(1)
    assert attempt(use) == WRONG
    assert attempt(use) == (TooManyAttempts, 2)


def test_the_right_password_waits_like_any_other(use: Services, ada: Member) -> None:
    for _ in range(5):
        attempt(use)
    assert attempt(use, password=PASSWORD) == (TooManyAttempts, 1)


def test_no_spelling_and_no_other_address_gets_more_attempts(use: Services, ada: Member) -> None:
    spellings = [
        "ada@example.com",
        "ADA@example.com",
        " ada@EXAMPLE.com",
        "\uff41da@example.com",
        "ada@\uff45xample.com",
        "aDA@example。com",
        "ADA@EXAMPLE.COM\t",
    ]
    outcomes = [attempt(use, from_address(n), email) for n, email in enumerate(spellings, start=1)]
    assert outcomes == [WRONG] * 5 + [(TooManyAttempts, 1)] * 2


def test_an_accounts_failures_are_forgotten_after_an_hour(
    world: World, use: Services, ada: Member
) -> None:
    for _ in range(5):
        attempt(use)
    world.clock.advance(seconds=3600)
    assert [attempt(use) for _ in range(6)] == [WRONG] * 5 + [(TooManyAttempts, 1)]


def test_a_right_password_forgets_the_failures(use: Services, ada: Member) -> None:
    for _ in range(4):
        attempt(use)
    assert attempt(use, password=PASSWORD) == (None, None)
    assert [attempt(use) for _ in range(6)] == [WRONG] * 5 + [(TooManyAttempts, 1)]


def test_strangers_do_not_lock_the_owner_out(use: Services, ada: Member) -> None:
    for n in range(20):
        attempt(use, from_address(n))
    assert attempt(use, HERE, password=PASSWORD) == (None, None)


def test_an_owners_sign_in_does_not_give_strangers_more_attempts(
    use: Services, ada: Member
) -> None:
    for _ in range(5):
        attempt(use)
    attempt(use, HERE, password=PASSWORD)
    assert attempt(use) == (TooManyAttempts, 1)


def test_a_stranger_at_the_owners_address_is_throttled_there(use: Services, ada: Member) -> None:
    outcomes = [attempt(use, HERE) for _ in range(6)]
    assert outcomes == [WRONG] * 5 + [(TooManyAttempts, 1)]
    assert attempt(use, ELSEWHERE, password=PASSWORD) == (None, None)


def test_an_address_is_trusted_for_one_account_only(use: Services, ada: Member) -> None:
    use.registration.register("bob@example.com", PASSWORD, HERE)
    for _ in range(5):
        attempt(use, email="bob@example.com")
    bob = attempt(use, HERE, email="bob@example.com", password=PASSWORD)
    assert bob == (TooManyAttempts, 1)


@pytest.mark.parametrize(("days", "is_trusted"), [(29, True), (30, False)])
def test_an_address_is_trusted_for_thirty_days(
    world: World, use: Services, ada: Member, days: int, is_trusted: bool
) -> None:
    world.clock.advance(days=days)
    for _ in range(5):
        attempt(use)
    assert (attempt(use, HERE, password=PASSWORD) == (None, None)) is is_trusted


def test_a_wrong_password_makes_no_address_trusted(use: Services, ada: Member) -> None:
    attempt(use, ELSEWHERE)
    for n in range(5):
        attempt(use, from_address(n))
    assert attempt(use, ELSEWHERE, password=PASSWORD) == (TooManyAttempts, 1)


def test_a_live_session_keeps_working_meanwhile(use: Services, ada: Member) -> None:
    for _ in range(40):
        attempt(use, HERE)
        attempt(use)
    assert caller_of(use, ada.signed_in) == ada.caller
    assert use.refreshing.refresh(ada.signed_in.refresh_token, HERE)


def test_of_many_attempts_at_once_five_are_made(use: Services, ada: Member) -> None:
    outcomes = at_once(range(12), lambda _: attempt(use)[0])
    assert sorted(map(str, outcomes)) == sorted(
        map(str, [BadCredentials] * 5 + [TooManyAttempts] * 7)
    )


class Busy(FakeCounters):
    """Somebody else always is faster."""

    def count(self, key: str, seen: Failures, now: int) -> Failures | None:
        return replace(seen, last_at=seen.last_at + 1)


def test_who_is_never_first_has_to_wait(world: World) -> None:
    world.counters = Busy(world.memory)
    assert attempt(world.services()) == (TooManyAttempts, 1)


def test_an_address_has_thirty_failures_over_all_accounts(
    world: World, use: Services, ada: Member
) -> None:
    outcomes = [attempt(use, email=f"user{n}@example.com") for n in range(31)]
    assert outcomes == [WRONG] * 30 + [(TooManyAttempts, QUARTER)]
    assert attempt(use, password=PASSWORD) == (TooManyAttempts, QUARTER)
    assert attempt(use, HERE, password=PASSWORD) == (None, None)
    world.clock.advance(seconds=QUARTER)
    assert attempt(use, password=PASSWORD) == (None, None)


def test_tokens_that_do_not_work_count_for_an_address_by_themselves(
    use: Services, ada: Member
) -> None:
    for _ in range(15):
        refusal_of(lambda: use.refreshing.refresh("rt_nonsense", ELSEWHERE))
        refusal_of(lambda: use.recovery.reset("nonsense", PASSWORD, ELSEWHERE))
    assert refusal_of(lambda: use.refreshing.refresh("rt_nonsense", ELSEWHERE)) == (
        TooManyAttempts,
        QUARTER,
    )
    assert attempt(use, password=PASSWORD) == (None, None)


def test_who_was_there_before_is_not_locked_out_by_neighbours(use: Services, ada: Member) -> None:
    for n in range(40):
        attempt(use, HERE, f"user{n}@example.com")
    assert attempt(use, HERE, "bob@example.com") == (TooManyAttempts, QUARTER)
    assert attempt(use, HERE, password=PASSWORD) == (None, None)


def test_guesses_at_many_accounts_at_once_are_no_more_than_one_by_one(use: Services) -> None:
    outcomes = at_once(range(60), lambda n: attempt(use, email=f"user{n}@example.com"))
    assert outcomes.count(WRONG) == 30
    assert outcomes.count((TooManyAttempts, QUARTER)) == 30


def test_an_attempt_that_others_overtook_is_no_failure_of_its_address(
    world: World, use: Services
) -> None:
    at_once(range(40), lambda _: attempt(use))
    [spent] = [units for key, units in world.memory.spent.items() if key.startswith("failures")]
    assert spent == 5


def test_of_guesses_that_are_refused_the_first_is_told(
    world: World, use: Services, ada: Member
) -> None:
    for _ in range(20):
        attempt(use)
    told = [each.outcome for each in world.trail.entries if each.source_ip == ELSEWHERE.source_ip]
    assert told == [Ended.FAILED] * 5 + [Ended.THROTTLED]


def test_successes_are_no_failures_of_an_address(use: Services, ada: Member) -> None:
    outcomes = [attempt(use, password=PASSWORD) for _ in range(40)]
    assert outcomes == [(None, None)] * 40


def test_the_neighbours_in_one_network_are_one_address(use: Services, ada: Member) -> None:
    for n in range(30):
        attempt(use, Origin(f"2001:db8::{n:x}"), f"user{n}@example.com")
    assert attempt(use, Origin("2001:db8::ffff"), password=PASSWORD) == (TooManyAttempts, QUARTER)
    assert attempt(use, Origin("2001:db8:0:1::1"), password=PASSWORD) == (None, None)


def test_the_limit_of_an_address_is_multiplied_and_that_of_an_account_is_not() -> None:
    use = World(CATALOGUE, address_limit_factor=2).services()
    outcomes = [attempt(use, email=f"user{n}@example.com") for n in range(61)]
    assert outcomes == [WRONG] * 60 + [(TooManyAttempts, QUARTER)]
    assert [attempt(use, HERE) for _ in range(6)][4:] == [WRONG, (TooManyAttempts, 1)]


def test_the_command_line_has_no_address_to_count(world: World, use: Services) -> None:
    for n in range(31):
        use.registration.register(f"user{n}@example.com", PASSWORD, Origin())
        attempt(use, Origin(), email=f"user{n}@example.com")
    assert not world.memory.spent


def test_counters_name_no_mail_address(world: World, use: Services, ada: Member) -> None:
    attempt(use)
    assert "ada" not in str([*world.memory.counters, *world.memory.spent])


def test_refused_refreshes_do_not_stop_the_good_ones(use: Services, ada: Member) -> None:
    for _ in range(40):
        refusal_of(lambda: use.refreshing.refresh("rt_nonsense", HERE))
    assert use.refreshing.refresh(ada.signed_in.refresh_token, HERE)
    assert refusal_of(lambda: use.refreshing.refresh("x", ELSEWHERE)) == (Unauthorized, None)


class Overtaken(FakeCounters):
    """Others have made the last free attempt in the meantime."""

    def count(self, key: str, seen: Failures, now: int) -> Failures | None:
        return Failures(5, now)


def test_who_is_overtaken_by_the_last_free_attempt_waits_for_the_next(world: World) -> None:
    throttling = Throttling(Overtaken(world.memory), world.clock, factor=1)
    assert refusal_of(lambda: throttling.attempt("ada@example.com", ELSEWHERE)) == (
        TooManyAttempts,
        1,
    )

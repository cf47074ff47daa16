from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.throttling import (
    FORGOTTEN,
    LONGEST_WAIT,
    TRUSTED,
    Budget,
    Failures,
    account_key,
    failures_budget,
    letters_budget,
    mailbox,
    pair_key,
    requests_budget,
    source,
)
from tests.samples import DAY, NOW

COUNTS = st.integers(0, 10_000)
PAUSES = st.integers(0, 2 * FORGOTTEN)


def test_five_failures_are_free_and_each_further_one_doubles_the_wait() -> None:
    waits = [Failures(count, NOW).wait(NOW) // 1000 for count in range(18)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@given(COUNTS, PAUSES)
def test_more_failures_never_mean_a_shorter_wait(count: int, pause: int) -> None:
    now = NOW + pause
    assert Failures(count, NOW).wait(now) <= Failures(count + 1, NOW).wait(now)


@given(COUNTS, PAUSES)
def test_nobody_waits_longer_than_a_quarter_of_an_hour(count: int, pause: int) -> None:
    assert 0 <= Failures(count, NOW).wait(NOW + pause) <= LONGEST_WAIT == 900_000


@given(COUNTS, PAUSES, st.integers(0, 10_000))
def test_a_wait_passes_as_time_does(count: int, pause: int, more: int) -> None:
    failures = Failures(count, NOW)
    assert failures.wait(NOW + pause + more) == max(0, failures.wait(NOW + pause) - more)


@given(st.integers(5, 10_000))
def test_who_waited_may_try_and_who_tries_a_millisecond_early_may_not(count: int) -> None:
    failures = Failures(count, NOW)
    end = NOW + failures.wait(NOW)
    assert failures.wait(end - 1) == 1
    assert failures.wait(end) == 0


@given(COUNTS)
def test_after_an_hour_all_is_forgotten(count: int) -> None:
    failures = Failures(count, NOW)
    assert failures.one_more(NOW + FORGOTTEN - 1).count == count + 1
    assert failures.one_more(NOW + FORGOTTEN).count == 1
    assert failures.wait(NOW + FORGOTTEN) == 0
    assert FORGOTTEN == 3_600_000


def test_an_attempt_is_counted_at_its_time_and_takes_no_trust_away() -> None:
    assert Failures(7, NOW - 1, trusted_until=5).one_more(NOW) == Failures(8, NOW, 5)


def test_an_address_is_trusted_up_to_its_time() -> None:
    assert Failures(trusted_until=NOW + 1).is_trusted(NOW)
    assert not Failures(trusted_until=NOW).is_trusted(NOW)
    assert TRUSTED == 30 * DAY


@given(st.integers(1, 10**9), st.integers(0, 10**13))
def test_a_window_ends_at_a_whole_multiple_of_its_length(seconds: int, now: int) -> None:
    budget = Budget("some", 3, seconds)
    end = budget.ends(now)
    assert end % (seconds * 1000) == 0
    assert 0 < budget.wait(now) == end - now <= seconds * 1000


@given(st.integers(1, 10**9), st.integers(0, 10**13))
def test_a_window_has_one_counter_and_the_next_another(seconds: int, now: int) -> None:
    budget = Budget("some", 3, seconds)
    end = budget.ends(now)
    assert budget.key("ada", now) == budget.key("ada", end - 1) != budget.key("ada", end)


def test_every_budget_counts_everybody_apart() -> None:
    one, other = Budget("one", 3, 60), Budget("other", 3, 60)
    keys = [budget.key(whom, NOW) for budget in (one, other) for whom in ("ada", "eve")]
    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("budget", "limit", "seconds"),
    [
        (failures_budget(1), 30, 900),
        (failures_budget(100), 3000, 900),
        (requests_budget("register", 1), 20, 3600),
        (requests_budget("register", 100), 2000, 3600),
        (letters_budget("asked"), 3, 900),
    ],
)
def test_limits_are_as_promised(budget: Budget, limit: int, seconds: int) -> None:
    assert (budget.limit, budget.seconds) == (limit, seconds)


def test_budgets_of_two_kinds_are_two() -> None:
    assert requests_budget("register", 1).name != requests_budget("verify", 1).name
    assert letters_budget("asked").name != letters_budget("notices").name


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_who_an_address_is(address: str, whose: str) -> None:
    assert source(address) == whose


@given(st.ip_addresses(v=6, network="2001:db8::/32"), st.integers(0, 2**64 - 1))
def test_all_addresses_of_one_subscriber_are_one(address: object, host: int) -> None:
    network = int.from_bytes(address.packed, "big") >> 64 << 64  # type: ignore[attr-defined]
    neighbour = type(address)(network | host)  # type: ignore[call-arg]
    assert source(str(neighbour)) == source(str(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_itself_also_inside_ipv6(address: object) -> None:
    assert source(f"::ffff:{address}") == source(str(address)) == str(address)


@given(st.text())
def test_any_text_is_some_source(text: str) -> None:
    assert isinstance(source(text), str)


def test_counters_of_accounts_pairs_and_mailboxes_name_no_address() -> None:
    hidden = sha256(b"ada@example.com").hexdigest()[:32]
    assert account_key("ada@example.com") == f"account#{hidden}"
    assert pair_key("ada@example.com", "2001:db8::7") == f"pair#{hidden}#2001:db8::/64"
    assert mailbox("ada@example.com") == hidden


def test_who_does_not_exist_has_a_counter_too() -> None:
    assert account_key("nobody@example.com") != account_key("ada@example.com")
    assert account_key("") != account_key(" ")

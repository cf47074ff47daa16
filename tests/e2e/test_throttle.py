"""Who guesses waits, whether or not there is such an account."""

from collections.abc import Callable

import httpx

from tests.e2e.conftest import Lambent
from tests.e2e.people import Account, somebody


def wide(address: str) -> str:
    """The name in full-width letters (Unicode block FF00), which is the same address."""
    name, _, domain = address.partition("@")
    return "".join(chr(ord(each) + 0xFEE0) for each in name) + f"@{domain}"


SPELLINGS: tuple[Callable[[str], str], ...] = (str.upper, wide, "  {} ".format)
SPOOFED = (
    {"X-Forwarded-For": "198.51.100.1"},
    {"Forwarded": "for=198.51.100.2"},
    {"X-Real-IP": "198.51.100.3", "True-Client-IP": "198.51.100.4"},
)


def guesses(account: Account, times: int = 20) -> list[httpx.Response]:
    """Wrong passwords, each in another spelling and from another pretended address."""
    answers = []
    for n in range(times):
        guess = Account(account.lambent, SPELLINGS[n % 3](account.email))
        answers.append(guess.try_to_sign_in("wrong password no. 1", **SPOOFED[n % 3]))
    return answers


def test_twenty_guesses_meet_a_429_that_tells_when_to_come_back(lambent: Lambent) -> None:
    one = somebody(lambent, "target")

    answers = guesses(one)

    seen = [answer.status_code for answer in answers]
    assert seen[:5] == [400] * 5
    assert 429 in seen[:10]
    assert set(seen) == {400, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["code"] == "too-many-attempts"
    assert one.is_let_in()


def test_an_unknown_address_meets_the_same(lambent: Lambent) -> None:
    known, unknown = somebody(lambent, "target"), Account(lambent, "no-target@example.com")

    both = [
        [(answer.status_code, answer.headers.get("retry-after")) for answer in guesses(who, 8)]
        for who in (known, unknown)
    ]

    assert both[0][:6] == both[1][:6] == [(400, None)] * 5 + [(429, "1")]
    assert all(status == 429 for answers in both for status, _ in answers[5:7])


def test_the_right_password_waits_as_long(lambent: Lambent) -> None:
    one = somebody(lambent, "target")
    guesses(one, 6)

    assert one.try_to_sign_in().status_code == 429


def test_guesses_at_once_are_counted_one_by_one(lambent: Lambent) -> None:
    from tests.e2e.people import at_once

    one = somebody(lambent, "target")

    answers = at_once(lambda _: one.try_to_sign_in("wrong password no. 1"), 20)

    seen = [answer.status_code for answer in answers]
    assert set(seen) == {400, 429}
    assert seen.count(400) <= 6

import pytest

from chalicelib.adapters.accounts.passwords import Argon2Passwords
from chalicelib.settings import Settings

OWASP = "$argon2id$v=19$m=19456,t=2,p=1$"
CHEAP = Argon2Passwords(Settings(argon2_memory_kib=32, argon2_iterations=1))


def test_a_hash_is_a_phc_string_at_the_cost_that_owasp_recommends() -> None:
    hashed = Argon2Passwords(Settings()).hash("correct horse battery")
    assert hashed.startswith(OWASP)


def test_no_two_hashes_of_one_password_are_the_same() -> None:
    assert CHEAP.hash("correct horse battery") != CHEAP.hash("correct horse battery")


def test_a_hash_made_at_another_cost_still_verifies() -> None:
    hashed = Argon2Passwords(Settings(argon2_memory_kib=64, argon2_iterations=3)).hash("secret")
    assert CHEAP.verify("secret", hashed)


@pytest.mark.parametrize(
    "hashed",
    [
        "$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
        "$argon2id$v=19$m=19456,t=0,p=0$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
        "$argon2i$v=19$m=32,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
        "$argon2id$v=19$m=32,t=1,p=1$$",
        "$argon2id$v=19$m=x,t=1,p=1$c2FsdA$aGFzaA",
        "\x00",
        "ü",
    ],
)
def test_a_hash_that_makes_no_sense_matches_nothing(hashed: str) -> None:
    assert not CHEAP.verify("correct horse battery", hashed)


def test_a_password_of_any_characters_can_be_hashed() -> None:
    for password in ("", "🙂" * 64, "a\x00b"):
        assert CHEAP.verify(password, CHEAP.hash(password))
    assert not CHEAP.verify("a", CHEAP.hash("a\x00b"))


def test_the_work_is_done_even_when_there_is_nothing_to_compare_with() -> None:
    """Seen by a cost that Argon2 refuses: whoever does no work does not notice it."""
    impossible = Argon2Passwords(Settings(argon2_memory_kib=1))
    with pytest.raises(ValueError, match="memory_cost"):
        impossible.verify("correct horse battery", None)


@pytest.mark.parametrize(
    ("memory", "iterations", "is_outdated"), [(32, 1, False), (64, 1, True), (32, 2, True)]
)
def test_a_hash_made_at_another_cost_is_outdated(
    memory: int, iterations: int, is_outdated: bool
) -> None:
    other = Argon2Passwords(Settings(argon2_memory_kib=memory, argon2_iterations=iterations))
    assert CHEAP.is_outdated(other.hash("correct horse battery")) is is_outdated


@pytest.mark.parametrize("hashed", ["", "$2b$12$" + "a" * 53, "$argon2id$v=19$m=32,t=1,p=11$c$a"])
def test_a_hash_of_another_kind_is_outdated(hashed: str) -> None:
    assert CHEAP.is_outdated(hashed)

import random
import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.passwords import LONGEST, normal_form, password_fault

EMAIL = "Ada.Lovelace@analytical-engine.example.com"
GUESSABLE = "a common one, a pattern, or made of the e-mail address"
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
ACCENTED = st.text("aeiouyäéîõüñç", min_size=1, max_size=30)


def fault(password: str, email: str = EMAIL, minimum: int = 15) -> str | None:
    return password_fault(normal_form(password), email, minimum)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a long and private sentence",
        "Ада любит считать сама",
        "朝焼けは雨、夕焼けは晴れと言う",
        "drei Äpfel, zwölf Nüsse",
        "my lambent model runs at midnight",
        "🦊 jumps over 🐢 in 7 days",
        "tab\tand\x00null and newline\n",
        "vRk8!mWq2@xTz9#pLs4$",
    ],
)
def test_any_characters_make_a_password_if_they_cannot_be_guessed(password: str) -> None:
    assert fault(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1234567890!",
        "P@ssw0rdP@ssw0rd",
        "thisismypassword",
        "iloveyou123456789",
        "letmeinletmeinletmein",
        "administrator123",
        "football baseball",
    ],
)
def test_a_common_password_is_refused(password: str) -> None:
    assert GUESSABLE in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "a" * 15,
        "a" * LONGEST,
        " " * 15,
        "😀" * 15,
        "abc" * 6,
        "password " * 3,
        "Summer2026Summer2026",
        "12345678901234567890",
        "abcdefghijklmnopqrst",
    ],
)
def test_a_repetition_or_sequence_is_refused(password: str) -> None:
    assert GUESSABLE in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfghjkl",
        "zxcvbnmasdfghjklqwerty",
        "1qaz2wsx3edc4rfv5tgb",
        "qazwsxedcrfvtgbyhn",
    ],
)
def test_a_walk_on_the_keyboard_is_refused(password: str) -> None:
    assert GUESSABLE in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "lambentlambentlambent",
        "Lambent2026Lambent",
        "lambent password 2026",
        "welcome to Lambent",
        "LambentLambent1".translate(FULL_WIDTH),
    ],
)
def test_the_products_name_and_something_common_is_refused(password: str) -> None:
    assert GUESSABLE in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "analytical-engine",
        "analytical-engine.example.com",
        "example.com example.com",
        "Analytical-Engine-2026!",
        "moc.elpmaxe.enigne-lacitylana",
    ],
)
def test_what_is_made_of_the_domain_is_refused(password: str) -> None:
    assert GUESSABLE in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "I am Ada.Lovelace, I am",
        "ada.lovelace@analytical-engine",
        "I am ADA.LOVELACE, I am".translate(FULL_WIDTH),
    ],
)
def test_a_password_that_contains_the_name_before_the_at_is_refused(password: str) -> None:
    assert fault(password) == "A password does not contain the e-mail address"


def test_a_short_name_may_be_part_of_a_password() -> None:
    assert fault("a salad of many letters", "al@example.com") is None
    assert fault("anna salads many letters", "anna@example.com") is not None


def test_a_password_made_of_nothing_but_a_short_name_is_refused() -> None:
    assert GUESSABLE in str(fault("adaexamplecomada", "ada@example.com"))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("fourteen chars", "A password has at least 15 characters"),
        ("", "A password has at least 15 characters"),
        ("x" * (LONGEST + 1), "A password has at most 256 characters"),
    ],
)
def test_a_password_of_a_wrong_length_is_told_so(password: str, reason: str) -> None:
    assert fault(password) == reason


def test_both_limits_of_length_may_be_reached() -> None:
    letters = random.Random(1).choices(string.ascii_letters, k=LONGEST)
    assert fault("".join(letters)) is None
    assert fault("".join(letters[:15])) is None


def test_the_minimum_is_a_setting() -> None:
    assert fault("correct horse battery", minimum=21) is None
    assert fault("correct horse battery", minimum=22) == "A password has at least 22 characters"


def test_length_is_counted_in_characters_however_they_were_typed() -> None:
    fourteen = "Björk höört Ñu"
    assert len(unicodedata.normalize("NFD", fourteen)) > 15
    assert "at least 15" in str(fault(unicodedata.normalize("NFD", fourteen)))
    assert fault("🦊🐢🦉🦀🐝🦋🐙🦔🐧🦩🐿🦫🐳🦚🐞") is None


@given(ACCENTED)
def test_one_password_typed_on_two_keyboards_is_one(password: str) -> None:
    decomposed = unicodedata.normalize("NFD", password)
    assert normal_form(decomposed) == normal_form(unicodedata.normalize("NFC", password))


@given(st.text("abcABC ", max_size=20), st.text("abcABC ", max_size=20))
def test_two_passwords_stay_two(one: str, other: str) -> None:
    assert (normal_form(one) == normal_form(other)) == (one == other)


@given(st.text(max_size=LONGEST + 10))
def test_any_text_is_judged_without_an_error(password: str) -> None:
    found = fault(password)
    assert found is None or found.startswith("A password ")


@pytest.mark.parametrize(
    "password",
    ["4@8({[<369&#!1/|0$5+7%2" * 11, "0123456789@|" * 21, "1!|7+0({[<@%$" * 19],
)
def test_no_password_takes_seconds_to_judge(password: str) -> None:
    fault("the lists of words are loaded now")
    began = time.process_time()
    fault(password)
    assert time.process_time() - began < 1


def test_many_signs_do_not_make_a_common_password_a_good_one() -> None:
    assert GUESSABLE in str(fault("P@$$w0rd!P@$$w0rd!"))

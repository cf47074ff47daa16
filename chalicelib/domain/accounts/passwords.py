"""Which passwords are acceptable: long, unguessable, of any characters (NIST SP 800-63B)."""

import unicodedata

from chalicelib.domain.accounts.emails import canonical_email

LONGEST = 256
TELLING_NAME = 4
"""Characters before the @ from which on a password must not contain them; `al` is in many."""
PRODUCT = "lambent"
PERSONAL = 3
"""Characters of the product's name or a part of the address from which on it does not count."""
ESTIMATED = 48
"""Characters that the estimator looks at: its work grows faster than their number."""
SYMBOLS = 2
"""Kinds of signs that it may read as letters (`@` as `a`): it tries every combination of them."""
UNGUESSABLE = 10**9
"""Guesses by zxcvbn's estimate (Wheeler, USENIX Security 2016), whose own mark for "safely
unguessable" online is 10^8: two common words, or one of them with a year, are just above that."""


def normal_form(password: str) -> str:
    """NFC, so that one password typed on two keyboards is one."""
    return unicodedata.normalize("NFC", password)


def password_fault(password: str, email: str, minimum: int) -> str | None:
    """Why a password in its normal form is not acceptable, or None if it is."""
    if len(password) < minimum:
        return f"A password has at least {minimum} characters"
    if len(password) > LONGEST:
        return f"A password has at most {LONGEST} characters"
    address = canonical_email(email)
    name, _, domain = address.partition("@")
    if len(name) >= TELLING_NAME and name in canonical_email(password):
        return "A password does not contain the e-mail address"
    if _is_guessable(password, [PRODUCT, address, name, domain, *domain.split(".")]):
        return "A password is not a common one, a pattern, or made of the e-mail address"
    return None


def _is_guessable(password: str, personal: list[str]) -> bool:
    """Whether it, or what is left of it without what is known of its owner, is easily guessed."""
    left = canonical_email(password)
    for word in sorted(personal, key=len, reverse=True):
        left = left.replace(word, "") if len(word) >= PERSONAL else left
    return any(_guesses(each, personal) < UNGUESSABLE for each in (left, password))


def _guesses(text: str, personal: list[str]) -> float:
    # Imported here: only who chooses a password needs its lists of common ones.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # has none

    return float(zxcvbn(_estimable(text) or " ", user_inputs=personal)["guesses"])


def _estimable(text: str) -> str:
    """As much as is estimated within tenths of a second: more signs are no letters to it."""
    from zxcvbn.matching import L33T_TABLE  # type: ignore[import-untyped]

    signs = {sign for signs in L33T_TABLE.values() for sign in signs if not sign.isdigit()}
    found = [sign for sign in dict.fromkeys(text) if sign in signs]
    # To characters that are no neighbours: those would be a sequence.
    others = {ord(sign): 0x4E00 + 100 * n for n, sign in enumerate(found[SYMBOLS:])}
    return text.translate(others)[:ESTIMATED]

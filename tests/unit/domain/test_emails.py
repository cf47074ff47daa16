import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.accounts.emails import LONGEST, account_name, canonical_email, email_address

LABELS = st.text("abcdefghijkmnopqrstuvwxyzäéñøüçβλжд", min_size=2, max_size=12)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
LONG_S = "\u017f"
ANY_CHARACTER = st.text(st.characters(codec=None))  # lone surrogates too


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """Addresses whose letters have other spellings."""
    return f"{draw(LABELS)}.{draw(LABELS)}@{draw(LABELS)}.example.com"


def punycode(domain: str) -> str:
    """A domain as DNS has it (RFC 3492)."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
        for label in domain.split(".")
    )


def spellings(address: str) -> list[str]:
    """Every kind of variant of one address."""
    name, _, domain = address.partition("@")
    return [
        address.upper(),
        address.title(),
        f"  {address}\t",
        unicodedata.normalize("NFD", address),
        unicodedata.normalize("NFKD", address.upper()),
        f"{name.translate(FULL_WIDTH)}@{domain}",
        f"{name}@{domain.translate(FULL_WIDTH)}",
        f"{name}@{domain.replace('.', '。')}",
        f"{name}@{punycode(domain)}",
        f"{name.upper()}@{punycode(domain).upper()}",
        f"{name.replace('s', LONG_S)}@{domain}",
    ]


@given(addresses(), st.integers(0, 10))
def test_every_spelling_of_an_address_is_that_address(address: str, which: int) -> None:
    spelling = spellings(address)[which]
    assert canonical_email(email_address(spelling)) == canonical_email(email_address(address))


@given(addresses(), st.integers(0, 10))
def test_every_spelling_of_an_address_is_one_account_to_a_throttle(
    address: str, which: int
) -> None:
    assert account_name(spellings(address)[which]) == canonical_email(email_address(address))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("STRASSE@example.com", "strasse@example.com"),
        ("straße@EXAMPLE.com", "strasse@example.com"),
        ("ﬁx@example.com", "fix@example.com"),
        ("oﬃce@example.com", "office@example.com"),
        ("Ǆ@example.com", "dž@example.com"),
        ("Σίσυφος@example.com", "σίσυφοσ@example.com"),
        ("\u212aelvin@example.com", "kelvin@example.com"),
        ("①@example.com", "1@example.com"),
    ],
)
def test_letters_of_one_meaning_are_one(text: str, canonical: str) -> None:
    assert canonical_email(email_address(text)) == canonical


@given(addresses(), addresses())
def test_two_addresses_stay_two(one: str, other: str) -> None:
    if one != other:
        assert account_name(one) != account_name(other)


@given(ANY_CHARACTER)
def test_canonical_is_final(text: str) -> None:
    assert canonical_email(canonical_email(text)) == canonical_email(text)


@given(ANY_CHARACTER)
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert "@" in email_address(text)


@given(ANY_CHARACTER)
def test_what_is_no_address_still_is_one_name_in_every_case(text: str) -> None:
    assert account_name(text.lower()) == account_name(text.lower().upper())


def test_the_name_of_what_is_no_address_is_no_longer_than_an_address() -> None:
    assert account_name("x" * 100_000) == "x" * LONGEST


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada@EXAMPLE.com ", "Ada@example.com"),
        ("ada@xn--mnchen-3ya.example.com", "ada@münchen.example.com"),
        ("søren@example.com", "søren@example.com"),
        ("e\u0301ve@example.com", "éve@example.com"),
    ],
)
def test_an_address_is_trimmed_and_its_domain_is_in_unicode(text: str, address: str) -> None:
    assert email_address(text) == address


@pytest.mark.parametrize(
    "character",
    [
        "\r",
        "\n",
        "\r\nBcc: eve@example.com\r\n",
        "\x00",
        "\x7f",
        "\x85",
        "\u2028",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u061c",
        "\u200e",
        "\u200f",
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2066, 0x206A)),
        "\ud800",
        " ",
        '"',
        "(",
        "<",
        ",",
    ],
)
@pytest.mark.parametrize("template", ["a{}da@example.com", "ada@exa{}mple.com", "{0}a{0}@b.com"])
def test_an_address_holds_no_character_that_could_deceive(template: str, character: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        email_address(f"x{template}".format(character))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@[127.0.0.1]",
        "ada@example..com",
        "ada@-example.com",
        ".ada@example.com",
        "ada.@example.com",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        "ada\uff20example.com",
        "=?utf-8?q?eve=40evil.com=3e?=@example.com",
        "x" * 300 + "@example.com",
        "ada@" + "x" * 64 + ".com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        email_address(text)

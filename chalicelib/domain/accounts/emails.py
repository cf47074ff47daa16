"""When a text is an e-mail address, and when two addresses are one."""

import unicodedata

LONGEST = 320
"""Characters of an address: 64 before the @, 255 after it (RFC 5321, 4.5.3.1)."""


def email_address(text: str) -> str:
    """The address that a text holds (RFC 5321, 6531), its domain in Unicode; else ValueError."""
    # Imported here: only sign-ins and registrations need it.
    from email_validator import validate_email

    address = validate_email(text.strip(), check_deliverability=False).normalized
    if "=?" in address:  # an encoded word (RFC 2047): mail would go to what it decodes to
        raise ValueError("An address is not encoded")
    return address


def canonical_email(address: str) -> str:
    """The spelling by which an address is unique: NFKC, case folded, until nothing changes."""
    while address != (folded := _folded(address)):
        address = folded
    return address


def account_name(text: str) -> str:
    """What a sign-in is for, also where no address can be read: all spellings are one name."""
    try:
        return canonical_email(email_address(text))
    except ValueError:
        return canonical_email(text.strip()[:LONGEST])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())

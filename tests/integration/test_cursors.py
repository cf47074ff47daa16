"""Cursors while signing keys come and go."""

import base64
import hmac

import pytest

from chalicelib.adapters.accounts.signing import KeyRing, derive
from chalicelib.adapters.cursors import SignedCursors
from chalicelib.errors import Invalid


def cursors(**members: str) -> SignedCursors:
    return SignedCursors(KeyRing(lambda: members))


def test_a_cursor_opens_while_its_key_is_in_force() -> None:
    cursor = cursors(current="one").seal("place", "users")
    assert cursors(current="two", previous="one").open(cursor, "users") == "place"
    with pytest.raises(Invalid):
        cursors(current="two").open(cursor, "users")


def test_a_cursor_of_another_key_under_a_name_of_ours_is_refused() -> None:
    kid, place, mac = cursors(current="two").seal("place", "users").split(".")
    assert kid == derive("two").kid
    with pytest.raises(Invalid):
        cursors(current="one").open(f"{derive('one').kid}.{place}.{mac}", "users")


def test_only_who_has_the_secret_can_seal() -> None:
    """HMAC-SHA-256, by a key of its own for each secret, over the list and all before the MAC."""
    body, _, mac = cursors(current="one").seal("place", "users").rpartition(".")
    expected = hmac.digest(derive("one").mac, f"users\0{body}".encode(), "sha256")
    assert base64.urlsafe_b64decode(mac + "=") == expected
    assert derive("one").mac != derive("two").mac


def test_a_cursor_fits_into_an_address() -> None:
    place = "0199c0de-0000-7000-8000-000000000000 " + "x" * 320
    cursor = cursors(current="one").seal(place, "users")
    assert len(cursor) < 600
    assert cursor.replace("-", "").replace("_", "").replace(".", "").isalnum()

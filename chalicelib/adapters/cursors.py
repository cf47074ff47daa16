"""Signed cursors: places in lists, which nobody can make up or use for another list."""

import base64
import hmac

from chalicelib.adapters.accounts.signing import KeyRing, SigningKey
from chalicelib.errors import Invalid

LONGEST = 4096
"""Characters; anything longer is not ours."""


class SignedCursors:
    """`ports.paging.Cursors`: `<kid>.<place>.<MAC>`; a cursor opens while its key is in force."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def seal(self, place: str, of: str) -> str:
        """By the key that also signs tokens."""
        key = self._keys.current()
        body = f"{key.kid}.{_encoded(place.encode())}"
        return f"{body}.{_mac(key, body, of)}"

    def open(self, cursor: str, of: str) -> str:
        """Only what `seal` could have made."""
        body, _, mac = cursor.rpartition(".")
        kid, _, place = body.partition(".")
        key = self._keys.find(kid) if len(cursor) <= LONGEST and cursor.isascii() else None
        if key is None or not hmac.compare_digest(mac, _mac(key, body, of)):
            problem = {
                "pointer": "/cursor",
                "detail": "Not a cursor of this list",
                "code": "cursor",
            }
            raise Invalid("The cursor is not one of this list", errors=[problem])
        return base64.urlsafe_b64decode(place + "==").decode()


def _mac(key: SigningKey, body: str, of: str) -> str:
    """Over the text as it is sent, so that there is no second spelling."""
    return _encoded(hmac.digest(key.mac, f"{of}\0{body}".encode(), "sha256"))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

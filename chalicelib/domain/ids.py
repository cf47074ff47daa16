"""Ids that sort by time: of predictions, and of what belongs to a user."""

import base64
import binascii
import secrets
from uuid import UUID

SHARDS = 8
OWNED = 42
"""Characters of an owned id: 26 bytes in base32hex (RFC 4648, section 7)."""


def uuid7(at_ms: int) -> str:
    """A UUID of version 7 (RFC 9562, section 5.7) for an instant in ms since the epoch."""
    random = secrets.randbits(74)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return str(UUID(int=at_ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def instant_of(prediction_id: str) -> int:
    """The instant, in ms since the epoch, that a UUIDv7 carries."""
    return UUID(prediction_id).int >> 80


def shard_of(prediction_id: str) -> int:
    """Which of the sweeper's shards a prediction lies in."""
    return UUID(prediction_id).int % SHARDS


def is_canonical(text: str) -> bool:
    """Whether this is a UUID in the one spelling that the tables hold."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def canonical(text: str) -> str | None:
    """A UUID in that spelling, however it was spelt; None for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def is_prediction_id(text: str) -> bool:
    """Whether this could be the id of a prediction: a canonical UUIDv7."""
    return is_canonical(text) and UUID(text).version == 7


def owned_id(user_id: str, at_ms: int) -> str:
    """An id for a session or an API key that tells whose it is and sorts by time."""
    number = at_ms.to_bytes(6, "big") + secrets.token_bytes(4)
    return base32hex(UUID(user_id).bytes + number)


def owner_of(owned: str) -> str | None:
    """The user whose session or key an id names; None for what cannot be such an id."""
    raw = unbase32hex(owned) if len(owned) == OWNED else None
    return None if raw is None else str(UUID(bytes=raw[:16]))


def base32hex(raw: bytes) -> str:
    """Lower case and without padding: it sorts as the bytes do, and a double click selects it."""
    return base64.b32hexencode(raw).decode().rstrip("=").lower()


def unbase32hex(text: str) -> bytes | None:
    """The bytes of a text, if it is the one spelling of them."""
    try:
        raw = base64.b32hexdecode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    return raw if base32hex(raw) == text else None

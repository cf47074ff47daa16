"""Prediction ids: UUIDv7, so that they sort by the time of acceptance."""

import secrets
from uuid import UUID

SHARDS = 8


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


def is_prediction_id(text: str) -> bool:
    """Whether this could be the id of a prediction: a canonical UUIDv7."""
    return is_canonical(text) and UUID(text).version == 7

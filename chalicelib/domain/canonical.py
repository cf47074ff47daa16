"""One text for all JSON values that mean the same."""

import hashlib
import json

from chalicelib.domain.predictions import Json


def canonical(value: Json) -> str:
    """Sorted names, no spaces, and every number in one spelling: 7, 7.0 and 70e-1 are the same.

    As RFC 8785 has it, but exact: integers beyond a double's precision stay what they are.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def digest(*values: Json) -> str:
    """The SHA-256 of their canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(list(values)).encode()).hexdigest()


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value

"""`Idempotency-Key`: a caller's own name for a request and its repetitions."""

import re
from collections.abc import Mapping, Sequence

from chalicelib.errors import BadRequest

KEY = re.compile(r"[\x21-\x7e]{1,255}")
QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
"""A string of RFC 8941, 3.3.3, as the draft of the header has it."""
ESCAPED = re.compile(r"\\(.)")


def key(headers: Mapping[str, Sequence[str]]) -> str | None:
    """The key, quoted or not; None without one, BadRequest for one that cannot be read."""
    given = headers.get("idempotency-key", ())
    if not given:
        return None
    text = given[0].strip(" \t")
    if text.startswith('"'):
        quoted = QUOTED.fullmatch(text)
        text = ESCAPED.sub(r"\1", quoted[1]) if quoted else ""
    if len(given) > 1 or not KEY.fullmatch(text):
        raise BadRequest("An Idempotency-Key is one text of 1 to 255 visible characters")
    return text

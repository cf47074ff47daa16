"""`Prefer: wait=n` (RFC 7240); what cannot be read is as good as not there."""

import re
from collections.abc import Mapping, Sequence

PREFERENCE = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
"""One of the list; a comma between quotes is part of it."""
WAIT = re.compile(r'\s*wait\s*=\s*("?)([0-9]+)\1\s*(?:;.*)?', re.IGNORECASE | re.ASCII | re.DOTALL)
NAMED = re.compile(r"\s*wait\s*(?:[=;].*)?", re.IGNORECASE | re.ASCII | re.DOTALL)
DIGITS = 9
"""Nobody may wait for so many seconds that more digits would tell."""
LONGEST = 1000
"""Characters; nobody prefers so much."""


def wait(headers: Mapping[str, Sequence[str]]) -> int | None:
    """For how many seconds the caller would wait; the first such preference counts."""
    text = ",".join(headers.get("prefer", ()))
    listed = PREFERENCE.findall(text) if len(text) <= LONGEST else []
    named = next((each for each in listed if NAMED.fullmatch(each)), "")
    found = WAIT.fullmatch(named)
    return int(found[2].lstrip("0")[:DIGITS] or 0) if found else None

"""`ETag` and `If-None-Match` (RFC 9110, 8.8.3 and 13.1.2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.predictions import Prediction

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"[\s,]*{TAG}\s*(?:,\s*(?:{TAG}\s*)?)*", re.ASCII)


def etag(prediction: Prediction) -> str:
    """Weak: the same for what means the same."""
    return f'W/"{prediction.revision}"'


@dataclass(frozen=True)
class Known:
    """What a caller has already; `opaque` are the tags without their `W/`."""

    opaque: frozenset[str] = frozenset()
    is_anything: bool = False

    def has(self, prediction: Prediction) -> bool:
        """Whether it is still as the caller knows it, by the weak comparison."""
        return self.is_anything or f'"{prediction.revision}"' in self.opaque


def known(headers: Mapping[str, Sequence[str]]) -> Known | None:
    """What `If-None-Match` tells; None without one, or where it cannot be read."""
    text = ",".join(headers.get("if-none-match", ())).strip()
    if text == "*":
        return Known(is_anything=True)
    if not TAGS.fullmatch(text):
        return None
    return Known(frozenset(each.removeprefix("W/") for each in re.findall(TAG, text)))

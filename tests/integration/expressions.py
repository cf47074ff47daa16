"""Words that DynamoDB refuses in expressions where emulators do not: STATUS and 570 more."""

import re
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

OPERATORS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}
RESERVED = set(ReservedKeywords.get_reserved_keywords()) - OPERATORS


def reserved_words(body: Any) -> set[str]:
    """Those in the expressions of a call that stand there for an attribute."""
    words = (word for text in _expressions(body) for word in _NAME.findall(text))
    return {word for word in words if word.upper() in RESERVED}


_NAME = re.compile(r"(?<![#:\w])[A-Za-z]\w*\b(?!\()")
"""Of an attribute; `size(…)` is a function."""


def _expressions(value: Any) -> Iterator[str]:
    """Every `…Expression` in the body of a call."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("Expression"):
                yield inner
            else:
                yield from _expressions(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _expressions(inner)

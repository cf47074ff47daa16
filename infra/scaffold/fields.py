"""One field of a schema, as it is typed: `humidity:float`, `humidity:float:0..100`."""

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel

Number = int | float
Value = Number | str

FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
KINDS = ("float", "int", "str", "bool")
FARTHEST = 1_000_000  # a range that nobody gave still refuses nonsense
LONGEST_TEXT = 1_000
LIMIT = 10**12


@dataclass(frozen=True)
class Field:
    """A field with its type and its bounds; those of a text are its length's."""

    name: str
    kind: str
    least: Number | None = None
    most: Number | None = None

    @classmethod
    def parse(cls, text: str) -> "Field":
        """The field; ValueError says in a sentence why it cannot be one."""
        name, _, rest = text.partition(":")
        kind, _, bounds = rest.partition(":")
        _require_name(name)
        if kind not in KINDS:
            raise ValueError(f"{text!r} is not field:type with a type of {', '.join(KINDS)}.")
        if not bounds:
            return cls(name, kind)
        return cls(name, kind, *_bounds(name, kind, bounds))

    @property
    def title(self) -> str:
        """For people."""
        return self.name.replace("_", " ").strip().capitalize()

    def bounded(self) -> "Field":
        """The same with both bounds, wide ones where none were given."""
        if self.kind == "bool":
            return self
        lowest, highest = (1, LONGEST_TEXT) if self.kind == "str" else (-FARTHEST, FARTHEST)
        least = min(lowest, self.most or lowest) if self.least is None else self.least
        most = max(highest, self.least or highest) if self.most is None else self.most
        return replace(self, least=least, most=most)


def parse_all(texts: Sequence[str]) -> list[Field]:
    """The fields; ValueError if two have one name."""
    fields = [Field.parse(text) for text in texts]
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} is given twice.")
    return fields


def is_name(text: str) -> bool:
    """Whether a field may bear it: pydantic and Python leave it free."""
    return bool(FIELD.fullmatch(text)) and not (
        keyword.iskeyword(text)
        or text in KINDS
        or text.startswith("model_")
        or hasattr(BaseModel, text)
    )


def _require_name(name: str) -> None:
    if not FIELD.fullmatch(name):
        raise ValueError(f"{name!r} is not a field's name: lower-case letters, digits and _.")
    if not is_name(name):
        raise ValueError(f"{name!r} has a meaning of its own in Python or pydantic; take another.")


def _bounds(name: str, kind: str, text: str) -> tuple[Number | None, Number | None]:
    first, dots, last = text.partition("..")
    if kind == "bool" or not dots:
        raise ValueError(f"{name!r}: a range is written 0..100, for a number or a text's length.")
    whole = kind in {"int", "str"}
    least, most = (_bound(name, each, whole=whole) for each in (first, last))
    if least is not None and most is not None and least > most:
        raise ValueError(f"{name!r}: {least} is above {most}.")
    if kind == "str" and ((least or 0) < 0 or (most if most is not None else 1) < 1):
        raise ValueError(f"{name!r}: no text is that short.")
    return least, most


def _bound(name: str, text: str, *, whole: bool) -> Number | None:
    if not text:
        return None
    try:
        number: Number = int(text)
    except ValueError:
        number = _fraction(name, text, whole=whole)
    if not abs(number) <= LIMIT:
        raise ValueError(f"{name!r}: {text} is beyond ±{LIMIT:g}.")
    return number


def _fraction(name: str, text: str, *, whole: bool) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{name!r}: {text!r} is not a number.") from None
    if whole:
        raise ValueError(f"{name!r}: {text!r} is not a whole number.")
    return number

"""The name of a model, in each of the forms in which its file needs it."""

import keyword
import re
from dataclasses import dataclass

from chalicelib.inference.registry import NAME

LONGEST = 40
TAKEN = {"temp": "the path of temperature's first route"}
"""Names that are no model's, but would be at the address of something else."""


@dataclass(frozen=True)
class ModelName:
    """A name that can be served and imported."""

    name: str

    @classmethod
    def parse(cls, text: str) -> "ModelName":
        """The name; ValueError says in a sentence why it cannot be one."""
        if not NAME.fullmatch(text):
            raise ValueError(f"{text!r} is not lower-case-with-dashes{_like(text)}.")
        if len(text) > LONGEST:
            raise ValueError(f"{text!r} is longer than {LONGEST} characters.")
        if keyword.iskeyword(text):
            raise ValueError(f"{text!r} is a word of Python's, so its file could not be imported.")
        if text in TAKEN:
            raise ValueError(f"{text!r} is {TAKEN[text]}.")
        return cls(text)

    @property
    def module(self) -> str:
        """`air_quality` for air-quality: its file's name."""
        return self.name.replace("-", "_")

    @property
    def classes(self) -> str:
        """`AirQuality`: what its classes' names begin with."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def title(self) -> str:
        """`Air quality`, for people."""
        return self.name.replace("-", " ").capitalize()


def _like(text: str) -> str:
    """A name that resembles the text, to be proposed."""
    near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return f", as {near} is" if NAME.fullmatch(near) else ", as air-quality is"

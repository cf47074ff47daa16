"""Models that do as their input says."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Cache, Model, register
from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.registry import AnyModel, Spec


class Number(BaseModel):
    n: int = Field(ge=0, le=100)


class Doubled(BaseModel):
    n: float
    padding: str = ""


class Other(BaseModel):
    n: float


UNLUCKY = 13
"""The input is at fault, and the model says so."""
CRASH = 14
"""The model is at fault."""
NOT_A_NUMBER = 15
HUGE = 16
WRONG_TYPE = 17
ONE_SHORT = 18
"""The model forgets this one."""
NOT_AN_OUTPUT = 19
"""The model makes an output that its own type refuses."""


@register(id=1, name="double", version="1.2.0", problem="regression", category="arithmetic")
class Double(Model[Number, Doubled]):
    """Twice the number."""

    def predict(self, items: list[Number]) -> list[Doubled]:
        return [_doubled(item.n) for item in items if item.n != ONE_SHORT]


@register(id=2, name="broken", version="1.0.0", problem="regression", category="arithmetic")
class Broken(Model[Number, Doubled]):
    """Its weights are missing."""

    def load(self, artifacts: Path) -> None:
        raise OSError("no such file")

    def predict(self, items: list[Number]) -> list[Doubled]:
        return []


class Day(BaseModel):
    model_config = ConfigDict(strict=True)

    day: date


@register(id=3, name="weekday", version="1.0.0", problem="regression", category="calendar")
class Weekday(Model[Day, Doubled]):
    """Takes what JSON has no type for."""

    def predict_one(self, item: Day) -> Doubled:
        return Doubled(n=item.day.weekday())


SLEEPY = 20
"""The model takes far too long for this one."""


@register(
    id=4, name="patient", version="1.0.0", problem="regression", category="arithmetic", timeout=1
)
class Patient(Model[Number, Doubled]):
    """Twice the number, a little later."""

    def predict_one(self, item: Number) -> Doubled:
        time.sleep(20 if item.n == SLEEPY else item.n / 1000)
        return Doubled(n=2 * item.n)


@register(
    id=5, name="slow", version="1.0.0", problem="regression", category="arithmetic", slow=True
)
class Slow(Model[Number, Doubled]):
    """Twice the number, and somebody may look while it is made."""

    meanwhile: ClassVar[Callable[[int], object]] = print

    def predict_one(self, item: Number) -> Doubled:
        type(self).meanwhile(item.n)
        return Doubled(n=2 * item.n)


@register(
    id=6,
    name="shared",
    version="2.0.0",
    problem="regression",
    category="arithmetic",
    cache=Cache(seconds=600),
)
class Shared(Model[Number, Doubled]):
    """Twice the number, and once for all who ask the same."""

    def predict_one(self, item: Number) -> Doubled:
        return Doubled(n=2 * item.n)


@register(
    id=7,
    name="private",
    version="1.0.0",
    problem="regression",
    category="arithmetic",
    cache=Cache(private=True),
)
class Private(Model[Number, Doubled]):
    """Twice the number, and once for each who asks the same."""

    def predict_one(self, item: Number) -> Doubled:
        return Doubled(n=2 * item.n)


def _doubled(n: int) -> Doubled:
    match n:
        case 13:
            raise ValueError("13 is not a lucky number")
        case 14:
            raise RuntimeError("no such file: /var/task/weights")
        case 15:
            return Doubled(n=float("nan"))
        case 16:
            return Doubled(n=n, padding="é" * 110_000)
        case 17:
            return Other(n=n)  # type: ignore[return-value]  # as a careless author would
        case 19:
            return Doubled(n="/var/task")
    return Doubled(n=2 * n)


def spec_of(model: type[AnyModel]) -> Spec:
    """What `register` put on it."""
    spec: Spec = model.spec  # type: ignore[attr-defined]  # set by register
    return spec


CATALOGUE = Catalogue(spec_of(each) for each in (Double, Broken, Shared, Private))

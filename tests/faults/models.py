"""A model that does as its input says: `chaos`, and some that behave."""

from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import BaseModel

from chalicelib.domain.predictions import Json
from chalicelib.inference import Cache, Model, register
from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.registry import AnyModel, Spec
from chalicelib.inference.runner import OUTPUT_LIMIT
from tests.faults.faults import Crash, Hung

VERSION = "1.0.0"
NEWER = "1.1.0"


class Deed(BaseModel):
    """What the model is to do."""

    n: int
    do: Literal["work", "raise", "refuse", "exit", "hang", "flood"] = "work"


class Done(BaseModel):
    """What it made of that, and which version it was."""

    n: int
    by: str
    padding: str = ""


class Doing(Model[Deed, Done]):
    """Does as it is told."""

    by: ClassVar[str] = VERSION

    def predict_one(self, item: Deed) -> Done:
        match item.do:
            case "raise":
                raise RuntimeError("the model is at fault")
            case "refuse":
                raise ValueError("the input is at fault")
            case "exit":
                raise Crash
            case "hang":
                raise Hung
            case "flood":
                return Done(n=item.n, by=self.by, padding="é" * OUTPUT_LIMIT)
        return Done(n=answer_to(item.n), by=self.by)


def answer_to(n: int) -> int:
    """What every input has for an answer, and no other input has."""
    return 3 * n + 1


def expected(input: Json, version: str) -> Json:
    """The output of an input that is worked on by a version."""
    assert isinstance(input, dict)
    n = input["n"]
    assert isinstance(n, int)
    return {"n": answer_to(n), "by": version, "padding": ""}


@register(id=1, name="chaos", version=VERSION, problem="none", category="tests")
class Chaos(Doing, Model[Deed, Done]):
    """In groups."""


@register(id=2, name="slow", version=VERSION, problem="none", category="tests", slow=True)
class Slow(Doing, Model[Deed, Done]):
    """One by one, and claimed."""


@register(
    id=3, name="shared", version=VERSION, problem="none", category="tests", cache=Cache(seconds=60)
)
class Shared(Doing, Model[Deed, Done]):
    """Once for all who ask the same."""


def _later(spec: Spec, version: str) -> Spec:
    later: type[AnyModel] = type(spec.factory.__name__, (spec.factory,), {"by": version})
    return replace(spec, version=version, factory=later)


SPECS: list[Spec] = [each.spec for each in (Chaos, Slow, Shared)]  # type: ignore[attr-defined]
CATALOGUE = Catalogue(SPECS)
DEPLOYED = Catalogue(_later(each, NEWER) for each in SPECS)
"""The same models after a release."""
WITHOUT_CHAOS = Catalogue(_later(each, "2.0.0") if each.name == "chaos" else each for each in SPECS)
"""The same after one that does not serve any more what `chaos` was asked for."""

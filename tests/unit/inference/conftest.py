"""Model files as an author writes them, in packages that exist for one test."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

HEAD = """
from pathlib import Path
from pydantic import BaseModel
from chalicelib.inference import Model, Policy, register

class In(BaseModel):
    n: int

class Out(BaseModel):
    n: int

class Other(BaseModel):
    n: int
"""
GOOD = """
@register(id={id}, name="{name}", version="1.0.0", problem="regression", category="test")
class A(Model[In, Out]):
    def predict(self, items: list[In]) -> list[Out]:
        return [Out(n=item.n) for item in items]
"""

Package = Callable[..., str]
_numbers = count(1)


def good(id: int = 1, name: str = "a") -> str:
    """A file that can be served."""
    return HEAD + GOOD.format(id=id, name=name)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Makes a package of these files (name=source); its name."""
    monkeypatch.syspath_prepend(tmp_path)
    made: list[str] = []

    def make(**files: str) -> str:
        name = f"models_of_a_test_{next(_numbers)}"
        home = tmp_path / name
        home.mkdir()
        for file, source in {"__init__": "", **files}.items():
            (home / f"{file}.py").write_text(source, "utf-8")
        made.append(name)
        return name

    yield make
    for module in [each for each in sys.modules if each.split(".")[0] in made]:
        del sys.modules[module]

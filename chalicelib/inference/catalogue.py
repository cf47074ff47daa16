"""The catalogue: every model that this code can serve."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from traceback import walk_tb
from types import ModuleType

from chalicelib.errors import NotFound
from chalicelib.inference.model import ModelDefinitionError
from chalicelib.inference.registry import Spec

PACKAGE = "ml_models"


class Catalogue:
    """Models by name and by id; both are unique."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self._by_name: dict[str, Spec] = {}
        self._by_id: dict[int, Spec] = {}
        for spec in sorted(specs, key=lambda spec: spec.id):
            self._add(spec)

    @classmethod
    def discover(cls, package: str = PACKAGE) -> "Catalogue":
        """The models of a package, one a file, without loading any."""
        home = importlib.import_module(package)
        modules = [
            _imported(f"{package}.{found.name}") for found in pkgutil.iter_modules(home.__path__)
        ]
        return cls(
            spec
            for module in modules
            for value in vars(module).values()
            if isinstance(spec := getattr(value, "spec", None), Spec)
            and value is spec.factory
            and value.__module__ == module.__name__
        )

    def __iter__(self) -> Iterator[Spec]:
        return iter(self._by_name.values())

    def get(self, reference: str) -> Spec | None:
        """The model of this name or integer id, if there is one."""
        if _is_id(reference):
            return self._by_id.get(int(reference))
        return self._by_name.get(reference)

    def find(self, reference: str) -> Spec:
        """The model of this name or integer id; NotFound otherwise."""
        if spec := self.get(reference):
            return spec
        raise unknown_model(reference)

    def successor(self, name: str, version: str) -> Spec | None:
        """What runs an input accepted for `version`: the model of the same major number."""
        spec = self._by_name.get(name)
        return spec if spec and spec.major == version.split(".")[0] else None

    def worker_of(self, model: str) -> str:
        """The profile that runs it; that a model is gone, any worker can tell."""
        spec = self.get(model)
        return spec.worker if spec else Spec.worker

    def _add(self, spec: Spec) -> None:
        for other in (self._by_name.get(spec.name), self._by_id.get(spec.id)):
            if other:
                raise ModelDefinitionError(
                    f"{spec.source}: id {spec.id} or name {spec.name!r} is already taken "
                    f"by {other.source} (id {other.id}, name {other.name!r})"
                )
        self._by_name[spec.name] = self._by_id[spec.id] = spec


def _imported(name: str) -> ModuleType:
    """The module of a model file; whatever its import raises becomes a sentence about that file."""
    try:
        return importlib.import_module(name)
    except ModelDefinitionError:
        raise
    except Exception as error:
        file = f"{name.rpartition('.')[2]}.py"
        reason = " ".join(str(getattr(error, "msg", None) or error).split())
        raise ModelDefinitionError(
            f"{file}:{_line(name, error)}: its import ends in {type(error).__name__}: {reason}"
        ) from error


def _line(module: str, error: Exception) -> int:
    """Where in the module it happened, or began; a syntax error says so itself."""
    frames = walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_globals.get("__name__") == module]
    return lines[-1] if lines else getattr(error, "lineno", None) or 1


def artifacts_of(package: str = PACKAGE) -> Path:
    """The folder of weights: beside `python/` in a layer, beside the package when flattened."""
    home = Path(next(iter(importlib.import_module(package).__path__)))
    flat = home.parent / "artifacts"
    return flat if flat.is_dir() else home.parent.parent / "artifacts"


def unknown_model(reference: str) -> NotFound:
    """That there is no model of this name or id."""
    return NotFound(f"Model {'with id ' if _is_id(reference) else ''}{reference} not found")


def _is_id(reference: str) -> bool:
    """An id in its one spelling: `01` is nobody's."""
    if not (reference.isascii() and reference.isdecimal() and len(reference) < 10):
        return False
    return str(int(reference)) == reference

"""`register`: what a model declares about itself, checked while its file is imported."""

import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from chalicelib.domain.access import Policy
from chalicelib.domain.caching import LONGEST_LIFE, Cache
from chalicelib.inference.model import Model, ModelDefinitionError

AnyModel = Model[Any, Any]
M = TypeVar("M", bound=AnyModel)

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERSION = re.compile(r"\d+\.\d+\.\d+")
PROFILE = re.compile(r"[a-z][a-z0-9]*")
LONGEST_TIMEOUT = 870
"""Seconds: a Lambda function stops after 900."""


@dataclass(frozen=True)
class Spec:
    """What the catalogue knows of one model, without loading it."""

    id: int
    name: str
    version: str
    problem: str
    category: str
    description: str
    input_type: type[BaseModel]
    output_type: type[BaseModel]
    factory: type[AnyModel]
    source: str
    policy: Policy | None = None
    worker: str = "light"
    cache: Cache | None = None
    is_slow: bool = False
    timeout: int | None = None

    @property
    def major(self) -> str:
        """Versions of one major number accept each other's inputs."""
        return self.version.split(".")[0]


def register(
    *,
    id: int,
    name: str,
    version: str,
    problem: str,
    category: str,
    policy: Policy | None = None,
    worker: str = "light",
    cache: Cache | None = None,
    slow: bool = False,
    timeout: int | None = None,
) -> Callable[[type[M]], type[M]]:
    """Put a model into the catalogue; `policy` is the one its grants get unless told otherwise.

    `worker` is the profile, of infra/profiles.toml, that runs it. With `cache` one answer serves
    all who ask the same. A `slow` model runs one input at a time, each shown as `running` first.
    An input for which `predict` takes longer than `timeout` seconds fails; native code is
    interrupted as it returns, and one that never does ends with the function, and comes again.

    Raises ModelDefinitionError, with file and line, when the class cannot be served.
    """

    def accept(factory: type[M]) -> type[M]:
        input_type, output_type = _schema(factory)
        spec = Spec(
            id=id,
            name=name,
            version=version,
            problem=problem,
            category=category,
            description=_description(factory),
            input_type=input_type,
            output_type=output_type,
            factory=factory,
            source=_place(factory),
            policy=policy,
            worker=worker,
            cache=cache,
            is_slow=slow,
            timeout=timeout,
        )
        _check(spec)
        factory.spec = spec  # type: ignore[attr-defined]  # read back by Catalogue.discover
        return factory

    return accept


def _schema(factory: type[AnyModel]) -> tuple[type[BaseModel], type[BaseModel]]:
    for base in getattr(factory, "__orig_bases__", ()):
        types = get_args(base) if get_origin(base) is Model else ()
        if len(types) == 2 and all(inspect.isclass(t) and issubclass(t, BaseModel) for t in types):
            return types
    raise ModelDefinitionError(
        f"{_place(factory)}: {factory.__name__} extends Model[Input, Output] "
        "with two pydantic models as its schema"
    )


def _check(spec: Spec) -> None:
    factory = spec.factory
    faults = [
        (spec.id < 1, f"id {spec.id} is not a positive integer"),
        (not NAME.fullmatch(spec.name), f"name {spec.name!r} is not lower-case-with-dashes"),
        (not VERSION.fullmatch(spec.version), f"version {spec.version!r} is not like 1.0.0"),
        (not PROFILE.fullmatch(spec.worker), f"worker {spec.worker!r} is not a lower-case word"),
        (
            spec.timeout is not None and not 1 <= spec.timeout <= LONGEST_TIMEOUT,
            f"timeout {spec.timeout} is not from 1 to {LONGEST_TIMEOUT} seconds",
        ),
        (
            spec.cache is not None and not 1 <= spec.cache.seconds <= LONGEST_LIFE,
            f"cache is for 1 to {LONGEST_LIFE} seconds",
        ),
        (
            factory.predict is Model.predict and factory.predict_one is Model.predict_one,
            f"{factory.__name__} defines predict(items) or predict_one(item)",
        ),
        (*_signature_fault(spec, "predict", list),),
        (*_signature_fault(spec, "predict_one", None),),
    ]
    for is_fault, sentence in faults:
        if is_fault:
            raise ModelDefinitionError(f"{spec.source}: {sentence}")


def _signature_fault(spec: Spec, method: str, wrapper: type | None) -> tuple[bool, str]:
    function = getattr(spec.factory, method)
    if function is getattr(Model, method):
        return False, ""
    taken, given = spec.input_type, spec.output_type
    wants = [list[taken], list[given]] if wrapper else [taken, given]  # type: ignore[valid-type]
    parameters = list(inspect.signature(function).parameters)
    hints = _hints(function)
    right = len(parameters) == 2 and [hints.get(parameters[1]), hints.get("return")] == wants
    form = "list[{}]" if wrapper else "{}"
    return not right, (
        f"{method} is written def {method}(self, x: {form.format(taken.__name__)}) "
        f"-> {form.format(given.__name__)}"
    )


def _hints(function: Callable[..., object]) -> dict[str, object]:
    """Its annotations; none if one of them names what the file does not have."""
    try:
        return get_type_hints(function)
    except NameError:
        return {}


def _description(factory: type[AnyModel]) -> str:
    text = factory.__doc__ or sys.modules[factory.__module__].__doc__ or ""
    return text.strip().partition("\n")[0]


def _place(factory: type[AnyModel]) -> str:
    """File and line, as `temperature.py:24`."""
    file = Path(sys.modules[factory.__module__].__file__ or factory.__module__).name
    try:
        return f"{file}:{inspect.getsourcelines(factory)[1]}"
    except OSError:
        return file

"""Worker profiles: infra/profiles.toml, read and checked."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from infra.build.errors import BuildError

PROFILES = "infra/profiles.toml"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")]
Batch = Annotated[int, Field(ge=1, le=10_000)]
Window = Annotated[int, Field(ge=0, le=300)]
Concurrency = Annotated[int, Field(ge=2, le=1000)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Source(_Table):
    """How messages of a queue come to a worker; the bounds are Lambda's."""

    batch: Batch
    window: Window
    concurrency: Concurrency = 4

    @model_validator(mode="after")
    def _waits_for_many(self) -> Self:
        if self.batch > 10 and not self.window:
            raise ValueError("a batch of more than 10 needs a window of at least 1 second")
        return self


class Interactive(Source):
    """Of jobs that somebody waits for."""

    batch: Batch = 10
    window: Window = 0


class Bulk(Source):
    """Of jobs that come by the hundred."""

    batch: Batch = 100
    window: Window = 1


class Profile(_Table):
    """One kind of worker; the bounds are Lambda's, one of whose five layers has the models."""

    memory: int = Field(1024, ge=128, le=10_240)
    timeout: int = Field(30, ge=1, le=900)
    layers: tuple[Name, ...] = Field((), max_length=4, strict=False)
    interactive: Interactive = Interactive()
    bulk: Bulk = Bulk()

    @property
    def visibility(self) -> int:
        """Seconds a message stays hidden: six times the timeout and a window, as AWS advises."""
        return 6 * self.timeout + max(self.interactive.window, self.bulk.window)


Profiles = Mapping[str, Profile]
_FILE: TypeAdapter[dict[str, Profile]] = TypeAdapter(
    Annotated[dict[Name, Profile], Field(min_length=1)]
)


def read_profiles(root: Path) -> Profiles:
    """The profiles of a checkout by name; BuildError, saying what to do, if one cannot be built."""
    try:
        profiles = _FILE.validate_python(tomllib.loads((root / PROFILES).read_text("utf-8")))
    except FileNotFoundError:
        raise BuildError(f"{PROFILES} is missing. Restore it: it names the workers.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{PROFILES} is not TOML: {error}. Correct it there.") from None
    except ValidationError as error:
        raise BuildError(_refusal(error)) from None
    for name, profile in profiles.items():
        _require_layers(root, name, profile)
    return profiles


def lock_of(layer: str) -> str:
    """The list of pins that a layer is made from."""
    return f"layers/{layer}/requirements.txt"


def _refusal(error: ValidationError) -> str:
    faults = "; ".join(_fault(each) for each in error.errors())
    return f"{PROFILES} is wrong: {faults}. Correct it; its first lines say what may stand there."


def _fault(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return f"{place} is not known"
    said = error["msg"].removeprefix("Value error, ")
    return f"{place or 'the file'}: {said[0].lower()}{said[1:]}"


def _require_layers(root: Path, name: str, profile: Profile) -> None:
    for layer in profile.layers:
        if not (root / lock_of(layer)).is_file():
            there = sorted(path.parent.name for path in root.glob(lock_of("*")))
            raise BuildError(
                f"{PROFILES}: {name}.layers has {layer!r}, and there is no {lock_of(layer)}. Name "
                f"one of {', '.join(there)}; or write layers/{layer}/requirements.in and run "
                ".venv/bin/python -m infra.lock."
            )

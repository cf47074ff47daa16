"""How tests of submissions ask: who, what, and with which key."""

from dataclasses import replace
from typing import Any

from chalicelib.api.composition import Services
from chalicelib.domain import caching
from chalicelib.domain.caching import Entry
from chalicelib.domain.predictions import Json
from chalicelib.services.admitting import Admission, Asked
from chalicelib.services.submission import Accepted, Order
from tests.world import Person, World

FOUR: Json = {"n": 4}


def admitted(
    use: Services, person: Person, model: str = "double", input: Json = FOUR, **asked: Any
) -> Admission:
    """As the first call of a request finds it."""
    return use.admitting.admit(person.claims, model, Asked(input=input, **asked))


def submitted(
    use: Services,
    person: Person,
    model: str = "double",
    input: Json = FOUR,
    *,
    order: dict[str, Any] | None = None,
    **asked: Any,
) -> Accepted:
    """What becomes of a request; `asked` are its key and the like."""
    admission = admitted(use, person, model, input, **asked)
    return use.submission.submit(admission, Order(input, **(order or {})))


def entry_key(world: World, model: str, input: Json = FOUR, whose: str | None = None) -> str:
    """The key of the cache entry of an input."""
    return caching.key_of(model, world.catalogue.find(model).version, input, whose)


def entry_of(world: World, model: str, input: Json = FOUR, whose: str | None = None) -> Entry:
    """The cache entry of an input."""
    return world.memory.entries[entry_key(world, model, input, whose)]


def answer(world: World, model: str, output: str, version: str, whose: str | None = None) -> None:
    """The worker has a result for the one who asked first."""
    entry = entry_of(world, model, whose=whose)
    until = world.clock() // 1000 + entry.lifetime
    done = replace(entry, output=output, version=version, until=until)
    world.memory.entries[entry_key(world, model, whose=whose)] = done

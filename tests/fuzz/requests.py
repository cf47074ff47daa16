"""Requests for every route of the app: some as its document has them, most of them spoilt."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.fuzz import junk
from tests.fuzz.operations import PARAMETER, Asked, Document, Operation, pattern
from tests.fuzz.scene import Scene
from tests.fuzz.specimens import Specimens

FORM = "application/x-www-form-urlencoded"
OTHERS = "aZ09-_.=/+ %\x00\x7f\xfc\u0660\u0131\U0001f642"


class Fuzzer:
    """Makes one request after the other; the same ones for the same chance."""

    def __init__(self, document: Document, chance: Random) -> None:
        self._document, self._chance = document, chance

    def ask(self, operation: Operation, caller: str, scene: Scene) -> Asked:
        """One request: three of ten as they should be, the others with up to three faults."""
        asked = self.proper(operation, caller, scene)
        if self._chance.random() < 0.3:
            return asked
        for spoil in self._chance.choices(self._spoilers, k=self._chance.choice((1, 1, 2, 3))):
            asked = spoil(asked)
        return asked

    def next_page(self, asked: Asked, cursor: str) -> Asked:
        """The same list further on; half of the time by a cursor that is not quite one."""
        told = cursor if self._chance.random() < 0.5 else self._but_one(cursor)
        query = [each for each in asked.query if each[0] != "cursor"]
        return replace(asked, query=[*query, ("cursor", told)])

    def proper(
        self, operation: Operation, caller: str, scene: Scene, only: str | None = None
    ) -> Asked:
        """One as the document has it; of the query's parameters some, or `only` one or none."""
        specimens = Specimens(self._document, scene.known, self._chance)
        values = {
            name: specimens.of(schema, name)
            for name, schema in operation.queried.items()
            if (self._chance.random() < 0.5 if only is None else name == only)
        }
        query = [(name, _text(value)) for name, value in values.items() if value is not None]
        body = self._body(operation, specimens)
        content_type = [("Content-Type", operation.media_type)] if operation.media_type else []
        authorization = scene.authorization(caller)
        bearer = [] if authorization is None else [("Authorization", authorization)]
        parameters = self._parameters(operation, scene)
        return Asked(operation, parameters, query, [*bearer, *content_type], body)

    def _parameters(self, operation: Operation, scene: Scene) -> dict[str, str]:
        filled = pattern(operation.route).fullmatch(operation.path)
        given = filled.groupdict() if filled else {}
        known = scene.known
        return {
            name: str(self._chance.choice(known.get(name) or known["prediction_id"]))
            if PARAMETER.fullmatch(text)
            else text
            for name, text in given.items()
        }

    def _body(self, operation: Operation, specimens: Specimens) -> bytes:
        if not operation.media_type:
            return b""
        content = operation.told["requestBody"]["content"][operation.media_type]
        value = specimens.of(content["schema"])
        return urlencode(value).encode() if operation.media_type == FORM else _json(value)

    # --- one fault each

    @property
    def _spoilers(self) -> Sequence[Callable[[Asked], Asked]]:
        parts = (self._value, self._value, self._value, self._fragment, self._cut, self._raw)
        head = (self._type, self._header, self._header, self._bent, self._bent)
        rest = (*head, self._parameter, self._queried, self._many)
        return (*parts, *rest)

    def _value(self, asked: Asked) -> Asked:
        """Somewhere in the body stands something else, too much, or nothing."""
        try:
            value = json.loads(asked.body)
        except (ValueError, RecursionError):  # it was spoilt already
            return self._raw(asked)
        places = [*_places(value)]
        if not places:
            return replace(asked, body=_json(self._junk()))
        container, key = self._chance.choice(places)
        if self._chance.random() < 0.15:
            del container[key]
        elif isinstance(container, dict) and self._chance.random() < 0.2:
            container[self._chance.choice(junk.TEXTS)] = self._junk()
        else:
            container[key] = self._junk()
        return replace(asked, body=_json(value))

    def _junk(self) -> Any:
        is_huge = self._chance.random() < 0.01
        return self._chance.choice(junk.HUGE if is_huge else junk.VALUES)

    def _fragment(self, asked: Asked) -> Asked:
        """A value gives way to what is no JSON, or nearly none."""
        fragment = self._chance.choice(junk.FRAGMENTS)
        values = [*re.finditer(rb'(?<=:)\s*("[^"]*"|[\d.]+)', asked.body)]
        if not values or self._chance.random() < 0.2:
            return replace(asked, body=fragment)
        found = self._chance.choice(values)
        return replace(
            asked, body=asked.body[: found.start()] + fragment + asked.body[found.end() :]
        )

    def _cut(self, asked: Asked) -> Asked:
        """Some bytes are missing, doubled or others."""
        place = self._chance.randrange(len(asked.body) + 1)
        more = self._chance.choice((b"", b"\x00", b"\xff", b"{", b"\\", asked.body[:place]))
        return replace(asked, body=asked.body[:place] + more + asked.body[place + 1 :])

    def _raw(self, asked: Asked) -> Asked:
        return replace(asked, body=self._chance.choice(junk.BODIES))

    def _type(self, asked: Asked) -> Asked:
        return self._with(asked, "Content-Type", self._chance.choice(junk.TYPES))

    def _header(self, asked: Asked) -> Asked:
        """One that the API heeds, or one that it should not; sometimes twice."""
        name = self._chance.choice([*junk.HEADERS])
        value = self._chance.choice([*junk.HEADERS[name], *junk.TEXTS])
        told = [each for each in asked.headers if each[0] == name]
        again = told if self._chance.random() < 0.2 else []
        return replace(
            self._with(asked, name, value), headers=[*asked.headers, *again, (name, value)]
        )

    def _with(self, asked: Asked, name: str, value: str) -> Asked:
        rest = [each for each in asked.headers if each[0] != name]
        return replace(asked, headers=[*rest, (name, value)])

    def _parameter(self, asked: Asked) -> Asked:
        """A part of the path is no name of anything."""
        if not asked.parameters:
            return self._header(asked)
        name = self._chance.choice([*asked.parameters])
        value = self._chance.choice(junk.TEXTS) or "%20"
        return replace(asked, parameters={**asked.parameters, name: value})

    def _bent(self, asked: Asked) -> Asked:
        """One character of what was right is another."""
        if asked.query and self._chance.random() < 0.6:
            return replace(asked, query=[(name, self._but_one(text)) for name, text in asked.query])
        if asked.parameters and self._chance.random() < 0.6:
            bent = {name: self._but_one(text) for name, text in asked.parameters.items()}
            return replace(asked, parameters=bent)
        return replace(asked, headers=[(name, self._but_one(text)) for name, text in asked.headers])

    def _but_one(self, text: str) -> str:
        place = self._chance.randrange(len(text) + 1)
        return text[:place] + self._chance.choice(OTHERS) + text[place + 1 :]

    def _queried(self, asked: Asked) -> Asked:
        told = asked.operation.queried
        name = self._chance.choice([*told, "access_token", "__proto__", "", "limit", "cursor"])
        value = self._chance.choice([*junk.TEXTS, *map(str, junk.NUMBERS[:4])])
        return replace(asked, query=[*asked.query, (name, value)])

    def _many(self, asked: Asked) -> Asked:
        """More of something than anybody has."""
        many = [(f"p{n}", "x") for n in range(self._chance.choice((50, 500)))]
        if self._chance.random() < 0.5:
            return replace(asked, query=[*asked.query, *many])
        return replace(asked, headers=[*asked.headers, *many])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it where another value could stand."""
    keys: Any = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

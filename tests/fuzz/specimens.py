"""Values that fit a schema of the document, and what is known to be there."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

Known = Mapping[str, Sequence[Any]]
"""By the name of a field or parameter: what exists, or would be taken."""


class Specimens:
    """Makes values of the schemas of one document."""

    def __init__(self, document: Mapping[str, Any], known: Known, chance: Random) -> None:
        self._document = document
        self._known = known
        self._chance = chance

    def of(self, schema: Any, name: str = "") -> Any:
        """A value that fits, mostly."""
        schema = self._resolved(schema)
        if name in self._known and self._chance.random() < 0.8:
            return self._chance.choice(self._known[name])
        for told in ("enum", "examples"):
            if schema.get(told):
                return self._chance.choice(schema[told])
        if "const" in schema:
            return schema["const"]
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.of(_chosen(schema, self._chance.choice(schema[several])))
        return self._of_type(schema)

    def _resolved(self, schema: Any) -> dict[str, Any]:
        while isinstance(schema, dict) and "$ref" in schema:
            place: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                place = place[part]
            schema = place
        return schema if isinstance(schema, dict) else {}

    def _of_type(self, schema: Mapping[str, Any]) -> Any:
        kind = schema.get("type")
        kind = self._chance.choice(kind) if isinstance(kind, list) else kind
        made: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": lambda of: self._integer(of) + self._chance.choice((0, 0.5)),
            "boolean": lambda of: self._chance.random() < 0.5,
            "null": lambda of: None,
        }
        return made[kind](schema) if kind in made else self._chance.choice(("a", 1, None, {}, []))

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.of(each, name)
            for name, each in schema.get("properties", {}).items()
            if name in required or self._chance.random() < 0.5
        }

    def _array(self, schema: Mapping[str, Any]) -> list[Any]:
        least = schema.get("minItems", 0)
        length = self._chance.randint(least, min(schema.get("maxItems", 9), least + 2))
        return [self.of(schema.get("items", {})) for _ in range(length)]

    def _string(self, schema: Mapping[str, Any]) -> str:
        formats = {"date-time": "2035-11-23T12:00:00Z", "date": "2026-11-23"}
        text = formats.get(schema.get("format", ""), "quite a text")
        return text[: schema.get("maxLength")].ljust(schema.get("minLength", 0), "x")

    def _integer(self, schema: Mapping[str, Any]) -> int:
        least, most = int(schema.get("minimum", 1)), int(schema.get("maximum", 2))
        return self._chance.randint(least, max(least, most))


def _chosen(schema: Mapping[str, Any], branch: Mapping[str, Any]) -> Mapping[str, Any]:
    """A branch by itself; of one that only tells which fields there are, the object with these."""
    if "properties" not in schema:
        return branch
    fields = {name: schema["properties"][name] for name in branch["required"]}
    return {"type": "object", "required": branch["required"], "properties": fields}

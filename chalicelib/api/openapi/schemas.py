"""The schemas of the document: every type once, as a component with a name of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from chalicelib.inference.registry import Spec

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]

REF = "#/components/schemas/{model}"


class _Generator(GenerateJsonSchema):
    """Answers are written whole: a field with a default is in each of them."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        answers = self.mode == "serialization"
        return answers or super().field_is_required(field, total)


class Schemas:
    """Of these types, made by one call, so that equal names are told apart."""

    def __init__(self, taken: Iterable[Any], given: Iterable[Any]) -> None:
        asked: list[tuple[Any, Mode]] = [
            *((each, "validation") for each in taken),
            *((each, "serialization") for each in given),
        ]
        self._found, rest = TypeAdapter.json_schemas(
            [(type_, mode, TypeAdapter(type_)) for type_, mode in dict.fromkeys(asked)],
            ref_template=REF,
            schema_generator=_Generator,
        )
        self.components: dict[str, Schema] = rest["$defs"]

    def taken(self, type_: Any) -> Schema:
        """What a request holds."""
        return self._found[type_, "validation"]

    def given(self, type_: Any) -> Schema:
        """What an answer holds."""
        return self._found[type_, "serialization"]

    def query(self, type_: type[BaseModel] | None) -> list[Schema]:
        """The parameters of a query, each by itself."""
        whole = type_.model_json_schema(ref_template=REF) if type_ else {}
        self.components = {**whole.get("$defs", {}), **self.components}
        properties = whole.get("properties", {})
        return [_parameter(name, dict(schema)) for name, schema in properties.items()]

    def of_model(self, schema: Schema, spec: Spec) -> Schema:
        """The same component for one model alone: its name, its input and its output."""
        general = self._resolved(schema)
        if not {"input", "inputs"} & set(general.get("properties", ())):
            return schema
        name = f"{general['title']}.{spec.name}"
        own = self._of_model(general["properties"], spec)
        self.components[name] = {**general, "title": name, "properties": own}
        return {"$ref": REF.format(model=name)}

    def _of_model(self, properties: Mapping[str, Schema], spec: Spec) -> dict[str, Schema]:
        own = {
            "model": {"const": spec.name, "type": "string"},
            "input": self.taken(spec.input_type),
            "inputs": {**properties.get("inputs", {}), "items": self.taken(spec.input_type)},
            "output": {"anyOf": [self.given(spec.output_type), {"type": "null"}]},
        }
        return {**properties, **{name: own[name] for name in own if name in properties}}

    def example(self, schema: Schema) -> Any:
        """A value made of the examples that its parts declare; LookupError if one has none."""
        schema = self._resolved(schema)
        if "examples" in schema:
            return schema["examples"][0]
        if "items" in schema:
            return [self.example(schema["items"])]
        required = schema.get("required", ())
        return {
            name: self.example(part)
            for name, part in schema["properties"].items()
            if name in required or "examples" in part
        }

    def _resolved(self, schema: Schema) -> Schema:
        name = schema.get("$ref", "").removeprefix(REF.format(model=""))
        return self.components[name] if name else schema


def _parameter(name: str, schema: Schema) -> Schema:
    """Left out is what null stands for in the schema, and empty is as good as left out."""
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]
    description = schema.pop("description", "")
    kept = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "description": description,
        "schema": {**kept, **(kinds[0] if kinds else {})},
    }

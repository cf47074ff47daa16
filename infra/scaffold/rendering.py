"""The two files of a new model, from their templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from infra.scaffold import examples
from infra.scaffold.fields import Field, Value
from infra.scaffold.naming import ModelName

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True)
class Draft:
    """A model to be written."""

    name: ModelName
    id: int
    inputs: Sequence[Field]
    outputs: Sequence[Field]

    @property
    def example(self) -> dict[str, Value]:
        """An input that it accepts."""
        return {field.name: examples.example(field) for field in self.inputs}

    @property
    def weights(self) -> list[float]:
        """Each field counts half of the one before."""
        return [2.0**-place for place in range(len(self.inputs))]


def source_of_model(draft: Draft) -> str:
    """The source of the model, before it is formatted."""
    score = examples.score(draft.inputs, draft.weights, draft.example)
    answers = [(field, examples.answer(field, score)) for field in draft.outputs]
    return _filled(
        "model.py.txt",
        draft,
        id=draft.id,
        problem="regression" if draft.outputs[0].kind in {"float", "int"} else "classification",
        inputs="\n".join(_declared(f.bounded(), examples.example(f)) for f in draft.inputs),
        outputs="\n".join(_declared(field, value) for field, value in answers),
        weights=draft.weights,
        features=", ".join(_feature(field) for field in draft.inputs),
        answers=", ".join(f"{field.name}={_answer(field)}" for field in draft.outputs),
    )


def source_of_test(draft: Draft) -> str:
    """The source of its test, before it is formatted."""
    pairs = [
        f'("{field.name}", {_literal(value)})'
        for field in draft.inputs
        for value in examples.refused(field)
    ]
    return _filled(
        "test.py.txt",
        draft,
        example=_dict(draft.example),
        least=_dict({field.name: examples.least(field) for field in draft.inputs}),
        refused=f"[{', '.join(pairs)}]",
    )


def _filled(template: str, draft: Draft, **values: object) -> str:
    name = draft.name
    own = {"name": name.name, "module": name.module, "classes": name.classes, "title": name.title}
    text = (TEMPLATES / template).read_text("utf-8")
    return Template(text).substitute(own, **values)


def _declared(field: Field, example: Value) -> str:
    low, high = ("min_length", "max_length") if field.kind == "str" else ("ge", "le")
    bounds = ((low, field.least), (high, field.most))
    facts = [f"{name}={bound:_}" for name, bound in bounds if bound is not None]
    facts += [f'title="{field.title}"', f"examples=[{_literal(example)}]"]
    return f"    {field.name}: {field.kind} = Field({', '.join(facts)})"


def _literal(value: object) -> str:
    if isinstance(value, str) and len(value) > examples.SHORT:
        return f'"x" * {len(value)}'
    return 'float("nan")' if value != value else repr(value)  # NaN alone differs from itself


def _dict(values: examples.Values) -> str:
    pairs = (f'"{name}": {_literal(value)}' for name, value in values.items())
    return f"{{{', '.join(pairs)}}}"


def _feature(field: Field) -> str:
    return f"len(item.{field.name})" if field.kind == "str" else f"item.{field.name}"


def _answer(field: Field) -> str:
    match field.kind:
        case "bool":
            return "score > 0"
        case "str":
            return '"high" if score > 0 else "low"'
    text = "round(score)" if field.kind == "int" else "score"
    text = text if field.least is None else f"max({field.least}, {text})"
    return text if field.most is None else f"min({field.most}, {text})"

"""`models`: what can be asked."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from chalicelib.inference.catalogue import Catalogue
    from chalicelib.inference.registry import Spec

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="Its name or id.")]


def every_model() -> "Catalogue":
    """The models of this checkout, without loading any."""
    from infra.cli.servable import require_servable

    return require_servable(place.asked())


def find_model(reference: str) -> "Spec":
    """The model of this name or id; Trouble otherwise."""
    from infra.local.errors import Trouble

    models = every_model()
    if spec := models.get(reference):
        return spec
    raise Trouble(
        f"There is no model {reference}.",
        f"The models are: {', '.join(spec.name for spec in models)}.",
        "Choose one of them: ./run.sh models ls",
    )


def ls(as_json: Json = False) -> None:
    """All models, by id."""
    models = list(every_model())
    if as_json:
        console.as_json([_facts(spec) for spec in models])
        return
    columns = ("Id", "Name", "Version", "Problem", "Policy", "Description")
    console.table(
        columns,
        [(m.id, m.name, m.version, m.problem, _policy(m), m.description) for m in models],
    )


def show(model: Model, as_json: Json = False) -> None:
    """One model with its schema."""
    from infra.cli.flags import flags_of

    spec = find_model(model)
    if as_json:
        console.as_json(_facts(spec) | _schemas(spec))
        return
    console.facts(_facts(spec))
    schemas = _schemas(spec)
    for title, schema in (("Input", schemas["input_schema"]), ("Output", schemas["output_schema"])):
        console.line()
        rows = [(flag.field, flag.word.lower(), flag.help) for flag in flags_of(schema)]
        console.table((title, "Type", "Description"), rows)


def _facts(spec: "Spec") -> dict[str, object]:
    return {
        "id": spec.id,
        "name": spec.name,
        "version": spec.version,
        "problem": spec.problem,
        "category": spec.category,
        "description": spec.description,
        "policy": _policy(spec),
        "source": spec.source,
    }


def _schemas(spec: "Spec") -> dict[str, dict[str, object]]:
    return {
        "input_schema": spec.input_type.model_json_schema(),
        "output_schema": spec.output_type.model_json_schema(mode="serialization"),
    }


def _policy(spec: "Spec") -> str:
    return spec.policy.name if spec.policy else "base"

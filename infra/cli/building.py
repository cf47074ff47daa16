"""`build`: what goes to AWS, or to an emulator."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from infra.cli import console, place

Flat = Annotated[
    bool, typer.Option("--flat", help="Layers copied into each worker's zip, for LocalStack.")
]
Embedded = Annotated[bool, typer.Option("--embedded", help="For the emulator that `up` starts.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def build(flat: Flat = False, embedded: Embedded = False, as_json: Json = False) -> None:
    """Bundles, layers and template for AWS.

    What did not change is not made again.
    """
    from infra.build import Target
    from infra.build import build as assemble
    from infra.cli.servable import require_servable

    if flat and embedded:
        raise typer.BadParameter("--flat is for LocalStack; choose it or --embedded.")
    target = Target.LOCALSTACK if flat else Target.EMBEDDED if embedded else Target.AWS
    workspace = place.asked()
    require_servable(workspace)
    built = assemble(workspace, target, console.note)
    archives = {
        name: {
            "path": str(path.relative_to(workspace.root)),
            **asdict(built.sizes[name]),
            "built": name in built.rebuilt,
        }
        for name, path in built.archives.items()
    }
    template = str(built.template.relative_to(workspace.root))
    if as_json:
        console.as_json({"target": target.value, "template": template, "archives": archives})
        return
    _show(archives)
    console.line(f"template: {template}")


def _show(archives: Mapping[str, Mapping[str, Any]]) -> None:
    rows = [
        (
            each["path"],
            f"{each['zipped'] / 1e6:.1f} MB",
            f"{each['unzipped'] / 1e6:.1f} MB",
            "built" if each["built"] else "unchanged",
        )
        for each in archives.values()
    ]
    console.table(("Archive", "Zipped", "Unzipped", ""), rows)

"""The models of a checkout, refused in a sentence where the API or a worker could not run them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.inference.catalogue import Catalogue
    from infra.workspace import Workspace

OURS = frozenset({"chalicelib", "ml_models", "pydantic"})


def require_servable(workspace: "Workspace") -> "Catalogue":
    """All models, without loading any; ModelDefinitionError, with file and line, if one is bad."""
    from infra.local.deployment import MODELS, find_models

    _require_light(workspace.root, workspace.root / MODELS / "ml_models")
    find_models(workspace)
    from chalicelib.inference.catalogue import Catalogue

    catalogue = Catalogue.discover()
    _require_workers(catalogue, workspace.root)
    return catalogue


def _require_workers(catalogue: "Catalogue", root: Path) -> None:
    """Each model has a worker, which lives as long as the model may take."""
    from chalicelib.inference.model import ModelDefinitionError
    from infra.build.profiles import PROFILES, read_profiles

    profiles = read_profiles(root)
    for spec in catalogue:
        profile = profiles.get(spec.worker)
        if profile is None:
            raise ModelDefinitionError(
                f"{spec.source}: worker {spec.worker!r} is no profile of {PROFILES}; name one of "
                f"{', '.join(profiles)}, or add a table [{spec.worker}] there"
            )
        if spec.timeout and spec.timeout >= profile.timeout:
            raise ModelDefinitionError(
                f"{spec.source}: timeout {spec.timeout} is not under the {profile.timeout} seconds "
                f"of {spec.worker!r} in {PROFILES}; lower it, or raise that one"
            )


def _require_light(root: Path, models: Path) -> None:
    """The libraries of this environment hide what the API's bundle has not: look at the source."""
    foreign = [
        (file, line, name)
        for file in sorted(models.glob("*.py"))
        for line, name in _imported_at_the_top(file)
        if name not in OURS and name not in sys.stdlib_module_names
    ]
    if not foreign:
        return
    from chalicelib.inference.model import ModelDefinitionError
    from infra.cli.heavy import carried_imports

    carried = carried_imports(root)
    for file, line, name in foreign:
        if name not in carried:
            raise ModelDefinitionError(
                f"{file.name}:{line}: {name} is imported at the top, and the API, which reads "
                f"this file for its schema, does not carry it; import it inside load and predict"
            )


def _imported_at_the_top(file: Path) -> Iterator[tuple[int, str]]:
    """Line and library of each import outside functions and blocks."""
    try:
        body = ast.parse(file.read_bytes(), file.name).body
    except (SyntaxError, ValueError):  # its import will say so
        return
    for statement in body:
        match statement:
            case ast.Import(names=names):
                yield from ((statement.lineno, each.name.partition(".")[0]) for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield statement.lineno, module.partition(".")[0]

"""Weights that come in an installed package rather than in the folder of weights."""

from importlib.util import find_spec
from pathlib import Path


def carried_file(package: str, file: str) -> Path:
    """The file of this name inside a package, of which nothing is imported or run."""
    # Not importlib.resources: it imports the package, and with it what only its code needs.
    found = find_spec(package)
    for folder in (found.submodule_search_locations if found else None) or ():
        path = Path(folder) / file
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"no installed package {package} carries {file}: list it in a layer's requirements, "
        "and leave the file out of nothing in infra/build/contents.py"
    )

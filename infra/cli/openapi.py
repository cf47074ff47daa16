"""`openapi`: the API's document, committed so that reviewers see how the API changes."""

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.cli import console, place

Check = Annotated[bool, typer.Option("--check", help="Only say whether the file is stale.")]

FILE = Path("infra/openapi.json")
BASE_URL = "http://localhost:8000/api"
"""What `url` prints, wherever this checkout runs: the file must not depend on that."""


def openapi(check: Check = False) -> None:
    """Write infra/openapi.json from routes and models.

    --check leaves it alone and says whether it is stale.
    """
    file = place.asked().root / FILE
    if check:
        require_fresh(file)
    else:
        file.write_text(written(), "utf-8")
    console.line(f"{FILE} {'is up to date' if check else 'written'}")


def require_fresh(file: Path) -> None:
    """Trouble if the file does not hold what the code says now."""
    from infra.local.errors import Trouble

    if not file.exists() or file.read_text("utf-8") != written():
        raise Trouble(
            f"{FILE} is stale.",
            "A route or a model says something else than the file.",
            "Write it anew with ./run.sh openapi, look at the difference, and commit it.",
        )


def written() -> str:
    """What the file has to hold."""
    from infra.local.deployment import find_models

    find_models(place.asked())
    from app import app
    from chalicelib.api import wiring
    from chalicelib.api.openapi.document import document

    described = document(app, list(wiring.catalogue()), BASE_URL)
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"

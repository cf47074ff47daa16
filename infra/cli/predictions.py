"""`predictions`: what was asked for, and what became of it; over HTTP, as everybody else."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.cli.api import Api

Id = Annotated[str, typer.Argument(metavar="ID", help="As predict tells it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Token = Annotated[str | None, typer.Option(metavar="TOKEN", help="Instead of signing in.")]

MOST_A_PAGE = 100
COLUMNS = ("id", "model", "status", "charged", "created_at", "completed_at")


def ls(
    model: Annotated[str | None, typer.Option(metavar="MODEL", help="Its name or id.")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="How they stand.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most.")] = 20,
    token: Token = None,
    as_json: Json = False,
) -> None:
    """The newest ones; the demo user's, unless there is a token."""
    filters = {"model": model, "status": status, "limit": min(limit + 1, MOST_A_PAGE)}
    asked = {name: value for name, value in filters.items() if value is not None}
    with _api(token) as api:
        found = [*islice(api.list(**asked), limit + 1)]
    if as_json:
        console.as_json(found[:limit])
        return
    heads = [name.removesuffix("_at").capitalize() for name in COLUMNS]
    console.table(heads, [tuple(each[name] for name in COLUMNS) for each in found[:limit]])
    if found[limit:]:
        console.note(f"There are more than these {limit}: --limit N shows N.")


def show(prediction_id: Id, token: Token = None, as_json: Json = False) -> None:
    """One prediction with its input and output."""
    with _api(token) as api:
        prediction = api.read(prediction_id)
    if as_json:
        console.as_json(prediction)
    else:
        console.facts(_facts(prediction))


def cancel(prediction_id: Id, token: Token = None) -> None:
    """End a prediction that has not ended."""
    with _api(token) as api:
        ended = api.cancel(prediction_id)
    console.line(f"{ended['id']} {ended['status']}")


def retry(prediction_id: Id, token: Token = None) -> None:
    """Ask once more for what failed, was canceled or expired."""
    with _api(token) as api:
        again = api.retry(prediction_id)
    console.line(f"{again['id']} {again['status']}")


@contextmanager
def _api(token: str | None) -> "Iterator[Api]":
    """The API, for the bearer of the token or for the demo user."""
    from infra.cli import demo
    from infra.cli.api import Api
    from infra.local.deployment import running

    workspace = running(place.here())
    api = Api(workspace.public_url, token)
    with nullcontext() if token else demo.session(api, workspace):
        yield api


def _facts(prediction: Mapping[str, Any]) -> dict[str, object]:
    """What it has, without its addresses; objects as JSON."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        for name, value in prediction.items()
        if name not in ("object", "urls") and value not in (None, {})
    }

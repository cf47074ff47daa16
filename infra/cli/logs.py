"""`logs`: what the functions say, one line an event."""

import json
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.local.journal import Event

Which = Annotated[
    str | None,
    typer.Argument(
        metavar="[api|worker|light-worker|…|mailer|eraser|sweeper|undertaker]",
        help="One function, or all workers; everything without it.",
    ),
]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")]
Id = Annotated[
    str | None, typer.Option("--id", help="Only lines with this prediction or request id.")
]
Lines = Annotated[
    int, typer.Option("--lines", "-n", min=0, help="How many of the latest to begin with.")
]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")]

COLOURS = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}


def logs(
    function: Which = None,
    follow: Follow = False,
    id: Id = None,
    lines: Lines = 100,
    as_json: Json = False,
) -> None:
    """The functions' logs, one line an event."""
    from infra.deploy import Cloud
    from infra.local.deployment import running
    from infra.local.journal import Journal

    workspace = running(place.here())
    cloud = Cloud.local(workspace.endpoint)
    looks = Journal(cloud, function, id, workspace.stack).looks()
    latest = next(looks)
    for event in latest[max(0, len(latest) - lines) :]:
        _print(event, as_json)
    for event in chain.from_iterable(looks) if follow else ():
        _print(event, as_json)


def _print(event: "Event", as_json: bool) -> None:
    if as_json:
        facts = {"time": event.time, "function": event.function, "level": event.level}
        console.line(json.dumps({**facts, "message": event.message, **event.keys}))
    else:
        console.line(rendered(event), colour=COLOURS.get(event.level))


def rendered(event: "Event") -> str:
    """Time, function, level, message and keys of an event, in one line."""
    keys = " ".join(f"{name}={_value(value)}" for name, value in event.keys.items())
    clock = event.time[11:23]
    message = event.message.replace("\n", " | ")
    return f"{clock} {event.function:<12} {event.level:<7} {message}  {keys}".rstrip()


def _value(value: object) -> str:
    """As it is if it is one word, quoted otherwise."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text and not any(mark in text for mark in ' \n"=') else json.dumps(text)

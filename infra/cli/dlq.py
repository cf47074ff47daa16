"""`dlq`: the dead letters, what no worker could be done with."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console
from infra.cli.people import by_cli, services
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from chalicelib.api.composition import Services
    from chalicelib.domain.dead_letters import DeadLetter
    from chalicelib.domain.redrives import Report

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As ls tells them.")]
All = Annotated[bool, typer.Option("--all", help="All that there are.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, metavar="N", help="At most.")]

AT_ONCE = 100


def ls(limit: Limit = 20, as_json: Json = False) -> None:
    """The newest ones, and why they are there."""
    found = [*islice(_letters(services()), limit + 1)]
    facts = [_facts(letter) for letter in found[:limit]]
    if as_json:
        console.as_json(facts)
        return
    heads = ("Id", "Model", "Reason", "Attempts", "Created", "Dead")
    console.table(heads, [tuple(each.values()) for each in facts])
    if found[limit:]:
        console.note(f"There are more than these {limit}: --limit N shows N.")


def redrive(ids: Ids = None, every: All = False) -> None:
    """Ask once more, in place of its owner, for each whose prediction failed."""
    named = _named(ids, every)
    core = services()
    for report in _all(core) if every else _some(core, named):
        for id, made in report.redriven.items():
            console.line(f"redriven {id} as {made}")
        for id, reason in report.skipped.items():
            console.line(f"skipped  {id} {reason}")


def purge(ids: Ids = None, every: All = False) -> None:
    """Forget dead letters; their predictions stay as they are."""
    named = _named(ids, every)
    core = services()
    gone = core.redriving.purge([each.id for each in _letters(core)] if every else named, by_cli())
    for id in gone:
        console.line(f"purged {id}")
    missing = [id for id in named if id not in gone]
    if missing:
        raise Trouble(
            f"There is no dead letter {', '.join(missing)}.",
            "It was redriven or purged, or is older than 14 days.",
            "./run.sh dlq ls tells all.",
        )


def _named(ids: Sequence[str] | None, every: bool) -> Sequence[str]:
    """The ids that were typed; wrong usage without any, or with all besides."""
    if bool(ids) == every:
        raise typer.BadParameter("Name some by ID, or --all.")
    return ids or ()


def _letters(core: "Services") -> "Iterator[DeadLetter]":
    """All, the newest first."""
    place, is_last = None, False
    while not is_last:
        page = core.dead_letters.page(AT_ONCE, place)
        yield from page.items
        place, is_last = page.next, page.next is None


def _some(core: "Services", ids: Sequence[str]) -> "Iterator[Report]":
    for at in range(0, len(ids), AT_ONCE):
        yield core.redriving.redrive(ids[at : at + AT_ONCE], by_cli())


def _all(core: "Services") -> "Iterator[Report]":
    place, is_last = None, False
    while not is_last:
        report = core.redriving.redrive_all(place, by_cli())
        yield report
        place, is_last = report.next, report.next is None


def _facts(letter: "DeadLetter") -> dict[str, object]:
    from chalicelib.api.schemas.dead_letters import DeadLetterView

    return DeadLetterView.of(letter).model_dump(mode="json")

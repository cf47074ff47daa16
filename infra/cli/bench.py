"""`bench`: how big, how fast, and at what cost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.bench.report import Report

Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write JSON.")]
Compare = Annotated[
    Path | None,
    typer.Option("--compare", metavar="FILE", help="Show an earlier run's JSON beside."),
]


def bench(json: Json = None, compare: Compare = None) -> None:
    """Calls, sizes, CPU, and a Lambent of its own under load.

    Takes about three minutes. Exit code 1 if there are more calls or bytes than there may be; times
    are told, never judged: they are the machine's too.
    """
    from infra.bench.report import Report
    from infra.bench.run import measure

    earlier = Report.read(compare) if compare else None
    report = measure(place.asked(), console.step)
    _show(report, earlier)
    if json:
        report.write(json)
    if over := report.exceeded():
        console.fail(
            [
                f"Over the limit: {', '.join(figure.title for figure in over)}.",
                "Calls and sizes are the same on every machine, so their limits bind.",
                "Take back what added to them, or change the limit in infra/bench/figures.py.",
            ]
        )
        raise typer.Exit(1)


def _show(report: "Report", earlier: "Report | None") -> None:
    from infra.bench.report import heads, share_rows

    console.line()
    console.table(heads(compared=earlier is not None), report.rows(earlier))
    console.line()
    console.table(("Init CPU by library", "API", "Worker"), share_rows(report.shares))
    console.line()
    for note in report.notes:
        console.line(note)
    console.line(report.machine.told())
    if earlier:
        console.line(f"earlier: {earlier.machine.told()}")

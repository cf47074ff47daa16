"""`doctor`: each precondition with its cure."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.doctor.findings import Check, Finding

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Fix = Annotated[bool, typer.Option("--fix", help="Apply the cures that are safe and local.")]
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(fix: Fix = False, as_json: Json = False) -> None:
    """Each precondition with its cure.

    Exit code 1 if something that `up` needs is broken.
    """
    from infra.cli.errors import explain
    from infra.doctor.examination import Examination

    workspace = place.wanted()
    found = []
    for check in Examination(workspace, console.note).checks():
        finding = check.examine(explain, mend=fix)
        found.append((check, finding))
        if not as_json:
            _show(check, finding)
    is_sound = all(finding.state != "fail" for _, finding in found)
    if as_json:
        console.as_json({"sound": is_sound, "checks": [_facts(*pair) for pair in found]})
    if not is_sound:
        raise typer.Exit(1)


def _show(check: "Check", finding: "Finding") -> None:
    colour = None if finding.state == "ok" else COLOURS[finding.state]
    console.line(f"{finding.state:<7} {check.title:<12} {finding.detail}", colour=colour)
    if finding.cure:
        console.line(f"{'':<7} {'':<12} cure: {finding.cure}")


def _facts(check: "Check", finding: "Finding") -> dict[str, object]:
    return {
        "check": check.title,
        "state": finding.state.value,
        "detail": finding.detail,
        "cure": finding.cure or None,
        "fixable": finding.mend is not None,
    }

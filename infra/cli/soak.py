"""`soak`: thousands of predictions under random faults, seed by seed."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from infra.cli import console, place
from infra.cli.tools import Tool

AT_ONCE = 2
"""Processes."""
COLUMNS = {
    "Seed": ("seed",),
    "Predictions": ("predictions",),
    "Succeeded": ("succeeded",),
    "Failed": ("failed",),
    "Canceled": ("canceled",),
    "Expired": ("expired",),
    "Calls": ("calls",),
    "Refused": ("calls_failed",),
    "Ambiguous": ("calls_ambiguous",),
    "Killed W/A/S/U": ("workers_killed", "apis_killed", "sweepers_killed", "undertakers_killed"),
    "Doubled": ("doubled",),
    "Resent": ("resent",),
    "Refunded": ("refunded",),
    "Dead letters": ("dead_letters",),
    "Innocent": ("innocent",),
    "Longest s": ("longest_s",),
    "CPU s": ("cpu_s",),
}
NOTES = (
    "Killed: workers, APIs, sweepers and undertakers. Innocent: given up though its input kills",
    "nobody. Longest: from a prediction's acceptance to its end, on the virtual clock.",
)

Seeds = Annotated[int, typer.Option("--seeds", min=1, metavar="N", help="Seeds 1 to N.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, metavar="S", help="Only this one.")]
Predictions = Annotated[int, typer.Option("--predictions", min=1, metavar="N", help="Of each.")]


@dataclass(frozen=True)
class Course:
    """What became of one seed: its figures, or what did not hold."""

    seed: int
    figures: dict[str, Any] | None
    said: str = ""


def soak(seeds: Seeds = 5, seed: Seed = None, predictions: Predictions = 10_000) -> None:
    """Predictions under random faults: is anything lost, or twice?

    All processes run on a virtual clock, over tables and queues that fail; two seeds at a time,
    about ten seconds each. Exit code 1 if an invariant is violated. A seed is always the same
    course of events, as long as the code is.
    """
    wanted = [seed] if seed is not None else list(range(1, seeds + 1))
    courses = []
    with console.progress() as tell:
        for course in _courses(wanted, predictions):
            courses.append(course)
            tell(f"{len(courses)} of {len(wanted)} seeds, the last was {course.seed}")
    report(courses)


def report(courses: Sequence[Course]) -> None:
    """A table of the seeds where all held; Exit with 1 after those where something did not."""
    if rows := [_row(each.figures) for each in courses if each.figures]:
        console.table(list(COLUMNS), rows)
        for note in NOTES:
            console.note(note)
    violated = [each for each in courses if each.figures is None]
    for each in violated:
        console.fail([f"Seed {each.seed} does not hold.", *each.said.splitlines()])
    if violated:
        raise typer.Exit(1)


def _courses(seeds: Sequence[int], predictions: int) -> Iterator[Course]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda seed: _course(seed, predictions), seeds)


def _course(seed: int, predictions: int) -> Course:
    """In a process of its own: it is part of the tests, which nothing of infra imports."""
    tool = Tool("soak", ["-m", "tests.faults.soak", str(seed), str(predictions)])
    done = tool.run(place.asked().root)
    if done.returncode:
        return Course(seed, None, done.stderr.strip())
    return Course(seed, json.loads(done.stdout))


def _row(figures: dict[str, Any]) -> list[str]:
    return ["/".join(str(figures[name]) for name in names) for names in COLUMNS.values()]

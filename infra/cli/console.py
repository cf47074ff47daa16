"""Everything that the verbs print: coloured on a terminal, plain lines anywhere else."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

Row = Sequence[object]
TITLE = 15
RESULT = 58


def is_plain(stream: TextIO | None = None) -> bool:
    """Whether to write for a file or another program: no terminal, or CI is set."""
    return not (stream or sys.stdout).isatty() or bool(os.environ.get("CI"))


def line(text: str = "", *, colour: str | None = None) -> None:
    """One line of the result."""
    if colour is None or is_plain():
        print(text, flush=True)
    else:
        _rich().print(_escaped(text), style=colour)


def note(text: str) -> None:
    """One line about the work, which is no part of the result."""
    print(text, file=sys.stderr, flush=True)


def as_json(value: object) -> None:
    """The result for programs."""
    line(json.dumps(value, indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows under their headings."""
    if is_plain():
        for text in aligned([columns, *rows]):
            line(text)
        return
    from rich.table import Table

    shown = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        shown.add_row(*(_escaped(_text(cell)) for cell in row))
    _rich().print(shown)


def facts(pairs: Mapping[str, object]) -> None:
    """One thing: a name and a value a line."""
    for text in aligned([(name, value) for name, value in pairs.items()]):
        line(text)


def panel(title: str, rows: Sequence[Row], foot: str) -> None:
    """A box of rows on a terminal, the same lines without a box elsewhere."""
    if is_plain():
        line(title)
        for text in aligned(rows):
            line(f"  {text}")
        line(foot)
        return
    from rich.panel import Panel

    body = _escaped("\n".join(aligned(rows)))
    _rich().print(Panel(body, title=title, subtitle=foot, title_align="left", expand=False))


def fail(sentences: Sequence[str]) -> None:
    """What, why, what to do: on standard error, a line each."""
    first, *others = sentences
    if is_plain(sys.stderr):
        note(f"error: {first}")
    else:
        _rich(to_error=True).print(f"[bold red]error:[/] {_escaped(first)}")
    for sentence in others:
        note(f"       {sentence}")


def aligned(rows: Sequence[Row]) -> list[str]:
    """The rows as lines, each column as wide as its widest cell; the last is left as it is."""
    cells = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tells what is being done while the result is waited for; nothing stays of it."""
    if is_plain(sys.stderr):
        yield note
        return
    with _rich(to_error=True).status("") as status:
        yield lambda text: status.update(_escaped(text))


@dataclass
class Step:
    """A step under way; set `result` before it ends."""

    title: str
    result: str = ""
    status: "Status | None" = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Time since it began."""
        return time.perf_counter() - self.began

    def report(self, progress: str) -> None:
        """Tell what is being done right now, where it may take long."""
        if self.status is None:
            line(f"        {progress}")
        self.flash(progress)

    def flash(self, progress: str) -> None:
        """The same for what is over in a moment: on a terminal only."""
        if self.status:
            self.status.update(_escaped(f"{self.title:<{TITLE}} {progress}"))


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step while it lasts, and afterwards its result and its time."""
    if is_plain():
        with _ended(Step(title)) as plain:
            yield plain
        return
    with _rich().status(f"{title:<{TITLE}}") as status, _ended(Step(title, status=status)) as shown:
        yield shown


@contextmanager
def _ended(step: Step) -> Iterator[Step]:
    try:
        yield step
    except BaseException:
        _print_step(step, "failed", "[red]✘[/]")
        raise
    _print_step(step, "ok", "[green]✔[/]")


def _print_step(step: Step, word: str, mark: str) -> None:
    text = f"{step.title:<{TITLE}} {step.result:<{RESULT}} {step.seconds:5.1f} s"
    if step.status is None:
        line(f"{word:<7} {text}")
    else:
        step.status.console.print(f"  {mark} {_escaped(text)}")


def _rich(*, to_error: bool = False) -> "Console":
    # highlight would colour every number, and a hard wrap would break addresses for copying.
    from rich.console import Console

    return Console(stderr=to_error, highlight=False, soft_wrap=True)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _text(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(_text, value)) or "-"
    return str(value)

"""The state of a running Lambent out into a file, and back in."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.api.openapi.document import VERSION
from chalicelib.errors import Unavailable
from infra.data import document
from infra.data.document import Header, Row
from infra.data.errors import Damaged, Interrupted, NotEmpty, UnknownTables
from infra.data.tables import Tables

EVERY = 1000  # rows between two words about the progress

Report = Callable[[str], None]


@dataclass(frozen=True)
class Imported:
    """How many rows were deleted, by table, were written, and had expired."""

    deleted: Counter[str]
    written: int
    expired: int


def export(
    tables: Tables, path: Path, now: datetime, report: Report, lambent: str = VERSION
) -> Counter[str]:
    """How many rows of each table the file has."""
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    header = Header(at, lambent, tables.counts())
    return document.write(path, header, _told(tables.rows(), "exported", report))


def restore(
    tables: Tables, path: Path, now: datetime, report: Report, *, replace: bool = False
) -> Imported:
    """What the file has and has not expired; a file that is refused changes nothing."""
    require_readable(tables, path, report)
    occupied = +Counter(tables.counts())
    if occupied and not replace:
        raise NotEmpty(occupied)
    rows = _Living(document.rows_in(path), now.timestamp())
    deleted = Counter(
        {name: _done(tables.clear(name), f"deleted of {name}", report) for name in occupied}
    )
    written = _done(tables.fill(rows), "imported", report)
    return Imported(deleted, written, rows.expired)


def require_readable(tables: Tables, path: Path, report: Report) -> None:
    """NotAnExport, NewerFormat, UnknownTables or Damaged, before anything is touched."""
    header = document.header_of(path)
    if unknown := set(header.tables) - set(tables.names):
        raise UnknownTables(str(path), sorted(unknown))
    for table, _ in _told(document.rows_in(path), "checked", report):
        if table not in header.tables:
            raise Damaged(str(path))


class _Living:
    """The rows whose time to live is not over; the others are counted."""

    def __init__(self, rows: Iterator[Row], now: float) -> None:
        self._rows, self._now = rows, now
        self.expired = 0

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        for table, item in self._rows:
            if "ttl" not in item or float(item["ttl"]["N"]) > self._now:
                return table, item
            self.expired += 1
        raise StopIteration


def _told(rows: Iterator[Row], done: str, report: Report) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % EVERY == 0:
            report(f"{done} {number:,} rows")
        yield row


def _done(steps: Iterator[int], done: str, report: Report) -> int:
    """The sum of all steps; Interrupted, with what was done, if the tables fail."""
    total = told = 0
    try:
        for step in steps:
            total += step
            if total - told >= EVERY:
                told = total
                report(f"{done} {total:,} rows")
    except Unavailable:
        raise Interrupted(f"{done} {total:,}") from None
    return total

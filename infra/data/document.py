"""The file of an export: JSON lines, of which the last one tells whether all are there.

The first says what it is; then each row, in DynamoDB's own form; the last one counts the rows of
each table and has the SHA-256 of all lines before it.
"""

import base64
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from infra.data.errors import Damaged, NewerFormat, NotAnExport

FORMAT = "lambent-data"
VERSION = 1
LONGEST = 8 * 1024 * 1024
"""Bytes of a line: above any row, which DynamoDB keeps under 400 KB."""
SPOILT = (ValueError, KeyError, TypeError, EOFError, zlib.error, gzip.BadGzipFile)
"""What reading raises of bytes that nobody exported."""

Item = Mapping[str, Any]
Row = tuple[str, Item]
"""The template's name of a table, and an item of it."""


@dataclass(frozen=True)
class Header:
    """The first line."""

    at: str
    lambent: str
    tables: Mapping[str, int]
    """With how many rows each had when the export began; the last line says how many there are."""
    format: str = FORMAT
    version: int = VERSION


@dataclass
class _Sum:
    """What the last line says of those before it."""

    rows: Counter[str] = field(default_factory=Counter)
    digest: Any = field(default_factory=hashlib.sha256)

    def line(self) -> bytes:
        return _line({"rows": dict(self.rows), "sha256": self.digest.hexdigest()})


def write(path: Path, header: Header, rows: Iterator[Row]) -> Counter[str]:
    """How many rows of each table; the file is whole or not there, and only its owner's."""
    total = _Sum()
    with _replacing(path) as file:

        def put(value: Mapping[str, Any]) -> None:
            line = _line(value)
            total.digest.update(line)
            file.write(line)

        put(asdict(header))
        for table, item in rows:
            put({"table": table, "item": item})
            total.rows[table] += 1
        file.write(total.line())
    return total.rows


def header_of(path: Path) -> Header:
    """NotAnExport, NewerFormat."""
    with _opened(path) as file:
        try:
            said = json.loads(file.readline(LONGEST))
            if said.pop("format") != FORMAT:
                raise NotAnExport(str(path))
            version = said.pop("version")
            if version > VERSION:
                raise NewerFormat(str(path), version, said.get("lambent"))
            return Header(**said, version=version)
        except (*SPOILT, AttributeError):
            raise NotAnExport(str(path)) from None


def rows_in(path: Path) -> Iterator[Row]:
    """Every row; Damaged, at the end at the latest, unless they are those that were exported."""
    total = _Sum()
    with _opened(path) as file:
        try:
            total.digest.update(file.readline(LONGEST))
            while "sha256" not in (said := _said(line := file.readline(LONGEST))):
                total.digest.update(line)
                total.rows[said["table"]] += 1
                yield said["table"], said["item"]
            is_whole = line == total.line() and not file.read(1)
        except SPOILT:
            is_whole = False
    if not is_whole:
        raise Damaged(str(path))


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of another one when it is complete, and else leaves nothing."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 600
    try:
        with os.fdopen(handle, "wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                    yield packed  # type: ignore[misc]  # a GzipFile is written to like a file
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink()
        raise


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Told by what it begins with: a file may have been renamed."""
    with path.open("rb") as raw:
        is_packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if is_packed:
            with gzip.GzipFile(fileobj=raw) as packed:
                yield packed  # type: ignore[misc]  # a GzipFile is read like a file
        else:
            yield raw


def _line(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encoded)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _encoded(binary: bytes) -> str:
    return base64.b64encode(binary).decode()


def _said(line: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"), object_hook=_decoded)
    return said


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    """Bytes where DynamoDB's form has them: an attribute of a map is never a text by itself."""
    match value:
        case {"B": str(text)} if len(value) == 1:
            return {"B": base64.b64decode(text, validate=True)}
        case {"BS": list(texts)} if len(value) == 1 and all(isinstance(t, str) for t in texts):
            return {"BS": [base64.b64decode(text, validate=True) for text in texts]}
    return value

"""The file of an export: whole, its owner's, and refused when a byte of it is another one."""

import gzip
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.data import document
from infra.data.document import Header, Row
from infra.data.errors import Damaged, NewerFormat, NotAnExport

HEADER = Header("2026-11-23T12:00:00+00:00", "0.1.0", {"AccountsTable": 2, "UsageTable": 1})
ROWS: list[Row] = [
    (
        "AccountsTable",
        {"pk": {"S": "user#1"}, "name": {"S": "Zoë\u2028\n\ud800"}, "n": {"N": "1e3"}},
    ),
    ("AccountsTable", {"pk": {"S": "user#2"}, "raw": {"B": b"\x00\xff"}, "all": {"BS": [b"\x01"]}}),
    ("UsageTable", {"user_id": {"S": "1"}, "map": {"M": {"B": {"S": "text"}, "BS": {"L": []}}}}),
]


@pytest.fixture(params=["state.jsonl", "state.jsonl.gz"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    document.write(path, HEADER, iter(ROWS))
    return path


def content(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def test_what_was_written_is_read(file: Path) -> None:
    assert (document.header_of(file), list(document.rows_in(file))) == (HEADER, ROWS)


def test_it_is_json_lines_packed_only_where_its_name_says_so(file: Path) -> None:
    assert content(file).count(b"\n") == len(ROWS) + 2
    assert content(file).startswith(
        b'{"at":"2026-11-23T12:00:00+00:00","lambent":"0.1.0","tables":{'
    )


def test_a_packed_file_is_known_under_any_name(file: Path, tmp_path: Path) -> None:
    renamed = file.rename(tmp_path / "renamed")

    assert list(document.rows_in(renamed)) == ROWS


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        document.write(tmp_path / "state", HEADER, iter(ROWS))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_the_one_before(file: Path) -> None:
    before = file.read_bytes()

    def broken() -> Iterator[Row]:
        yield ROWS[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        document.write(file, HEADER, broken())
    assert (file.read_bytes(), list(file.parent.iterdir())) == (before, [file])


def refuses(path: Path, text: bytes) -> bool:
    path.write_bytes(text)
    try:
        document.header_of(path)
        list(document.rows_in(path))
    except (Damaged, NotAnExport, NewerFormat):
        return True
    return False


def test_cut_anywhere_it_is_refused(file: Path) -> None:
    whole = file.read_bytes()

    assert [at for at in range(len(whole)) if not refuses(file, whole[:at])] == []


def test_with_any_byte_altered_it_is_refused(file: Path) -> None:
    text, plain = content(file), file.with_suffix(".plain")
    altered = [text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :] for at in range(len(text))]

    assert [at for at, each in enumerate(altered) if not refuses(plain, each)] == []


def test_with_a_line_taken_out_twice_or_more_it_is_refused(file: Path) -> None:
    lines, plain = content(file).splitlines(keepends=True), file.with_suffix(".plain")
    spoilt = [b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines))]
    spoilt += [b"".join(lines[:at] + lines[at - 1 :]) for at in range(1, len(lines) + 1)]

    assert all(refuses(plain, each) for each in spoilt)


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"[]", b"{}", b'{"format":"other"}', b"\x89PNG\r\n", b"\x1f\x8b", b"\xff"]
)
def test_another_kind_of_file_is_told(tmp_path: Path, text: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(text)

    with pytest.raises(NotAnExport):
        document.header_of(other)


def test_a_newer_format_is_told(tmp_path: Path) -> None:
    document.write(tmp_path / "newer", replace(HEADER, version=2), iter(ROWS))

    with pytest.raises(NewerFormat, match=r"format 2\..*Lambent 0\.1\.0"):
        document.header_of(tmp_path / "newer")

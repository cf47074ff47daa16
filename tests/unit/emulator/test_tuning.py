"""The parts of the tuning that work without ministack."""

import queue
import zipfile
from pathlib import Path

import pytest

from infra.emulator.tuning import END_OF_LOG, SharedZip, until_mark


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as code:
        code.writestr("package/module.py", "ANSWER = 42")
    return tmp_path / "code.zip"


def unpack(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    with SharedZip(archive) as code:
        code.extractall(folder)
    return folder


def test_one_content_is_unpacked_once(archive: Path, tmp_path: Path) -> None:
    folders = [unpack(archive, tmp_path / name) for name in ("first", "second")]

    assert {folder.resolve().parent for folder in folders} == {tmp_path / "unzipped"}
    assert len({folder.resolve() for folder in folders}) == 1
    assert (folders[1] / "package" / "module.py").read_text() == "ANSWER = 42"


def test_a_log_ends_at_its_mark() -> None:
    lines: queue.Queue[str] = queue.Queue()
    for line in ("one", "two", END_OF_LOG, "of the next call"):
        lines.put(line)

    assert until_mark(lines) == "one\ntwo"
    assert lines.get_nowait() == "of the next call"


def test_a_log_without_a_mark_is_all_there_is() -> None:
    lines: queue.Queue[str] = queue.Queue()
    lines.put("last words")

    assert until_mark(lines) == "last words"

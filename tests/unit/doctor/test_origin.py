"""Which version a state is noted to be of."""

from pathlib import Path

import pytest

from infra.emulator.environment import Folders
from infra.emulator.origin import Origin, pinned
from infra.emulator.tuning import VERSION


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_the_pinned_version_is_the_one_that_is_tuned() -> None:
    assert pinned() == VERSION


def test_without_state_there_is_no_version(folders: Folders) -> None:
    Origin(folders).write()
    assert Origin(folders).read() is None


def test_state_is_of_the_version_that_was_noted(folders: Folders) -> None:
    folders.state.mkdir(parents=True)
    (folders.state / "sqs.json").write_text("{}")
    assert Origin(folders).read() is None
    Origin(folders).write()
    assert Origin(folders).read() == pinned()

"""What of the developer's shell the emulator and its functions get to see."""

from pathlib import Path

import pytest

from infra.emulator.environment import Folders, environment
from infra.workspace import Workspace


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("API_TOKEN", "secret")
    workspace = Workspace(tmp_path, tmp_path / ".build", tmp_path / ".local")
    return environment(workspace, Folders(workspace.local_dir))


def test_nothing_personal_gets_through(seen: dict[str, str]) -> None:
    assert {"AWS_PROFILE", "PYTHONPATH", "API_TOKEN"}.isdisjoint(seen)
    assert seen["AWS_ACCESS_KEY_ID"] == "test"


@pytest.mark.parametrize("name", ["HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR"])
def test_it_writes_only_below_the_local_folder(
    seen: dict[str, str], name: str, tmp_path: Path
) -> None:
    assert seen[name].startswith(str(tmp_path / ".local"))

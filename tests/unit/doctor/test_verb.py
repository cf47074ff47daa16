"""`doctor` where nothing runs."""

import json
import socket
from pathlib import Path

import pytest

from infra.cli.errors import explain
from infra.doctor.examination import Examination
from infra.doctor.findings import State
from infra.emulator.environment import Folders
from infra.emulator.origin import Origin
from tests.emulators import workspace_in
from tests.unit.cli.conftest import Run, run

__all__ = ["run"]

ALWAYS = ["Python", "git", "Room", "Docker", ".venv", "Models", "Build", "Emulator", "Ports"]


def test_a_sound_folder_that_is_not_up_is_no_failure(run: Run) -> None:
    told = run("doctor", "--json")

    assert told.exit_code == 0, told.stdout
    checks = [check["check"] for check in json.loads(told.stdout)["checks"]]
    assert checks == [*ALWAYS, "State", "Credentials"]


def test_a_taken_port_ends_with_1_and_its_cure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
        told = run("doctor")

    assert told.exit_code == 1
    assert "fail    Ports" in told.stdout
    assert "cure: Stop that one" in told.stdout


def test_state_of_another_version_is_moved_aside_by_fix(run: Run, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "local")
    folders.state.mkdir(parents=True)
    (folders.state / "sqs.json").write_text("{}")
    Origin(folders).write()
    (folders.data / "saved-by").write_text("1.4.0\n")

    assert run("doctor").exit_code == 1
    examination = Examination(workspace_in(tmp_path), print)
    [state] = [check for check in examination.checks() if check.title == "State"]
    assert state.examine(explain, mend=True).state == State.OK
    assert (tmp_path / "local" / "emulator-1.4.0" / "state" / "sqs.json").is_file()


def test_credentials_that_cannot_be_read_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "credentials.json").write_text("{")

    told = run("doctor")

    assert told.exit_code == 1
    assert "fail    Credentials" in told.stdout

"""Ports, state and credentials."""

import socket
from pathlib import Path

import pytest

from infra.doctor import ground
from infra.doctor.findings import State
from infra.emulator.process import Status
from infra.local.credentials import Credential, CredentialsFile
from infra.workspace import Workspace
from tests.emulators import free_ports, workspace_in


def running_on(workspace: Workspace) -> Status:
    """Its emulator, as it tells of itself."""
    return Status(4711, workspace.port, workspace.emulator_port, True, "abc", 2, 300)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_in(tmp_path)


def test_free_ports_are_right(workspace: Workspace) -> None:
    assert ground.ports(workspace, None).state == State.OK


def test_a_taken_port_fails_with_its_holder_and_another_port(tmp_path: Path) -> None:
    [emulator_port] = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        place = Workspace(tmp_path, tmp_path, tmp_path, port, emulator_port)
        found = ground.ports(place, None)
    assert found.state == State.FAIL
    assert found.detail.startswith(f"{port} is taken by process ")
    assert f"PORT={port + 1} ./run.sh up" in found.cure


def test_ones_own_ports_are_right(workspace: Workspace) -> None:
    found = ground.ports(workspace, running_on(workspace))
    assert (found.state, "process 4711" in found.detail) == (State.OK, True)


def test_running_on_other_ports_than_asked_for_fails_with_both_ways_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = ground.ports(workspace, running_on(workspace_in(tmp_path / "other")))
    assert found.state == State.FAIL
    assert "EMULATOR_PORT=" in found.cure
    assert "./run.sh down" in found.cure


@pytest.mark.parametrize(
    ("saved_by", "is_running", "state"),
    [
        (None, False, State.OK),
        ("1.5.33", False, State.OK),
        ("1.5.30", False, State.FAIL),
        ("1.5.30", True, State.WARN),
    ],
)
def test_state_of_another_version_fails_before_it_is_read(
    saved_by: str | None, is_running: bool, state: State
) -> None:
    found = ground.state(saved_by, "1.5.33", is_running=is_running, set_aside=list)
    assert found.state == state


def test_state_that_is_moved_aside_is_kept_under_its_versions_name(tmp_path: Path) -> None:
    for content in ("first", "second", "third"):
        data = tmp_path / "emulator"
        data.mkdir()
        (data / "state").write_text(content)
        ground.aside(data, "1.5.30")
    kept = {path.name: (path / "state").read_text() for path in tmp_path.iterdir()}
    assert kept == {
        "emulator-1.5.30": "first",
        "emulator-1.5.30-2": "second",
        "emulator-1.5.30-3": "third",
    }


@pytest.mark.parametrize(("is_up", "state"), [(False, State.OK), (True, State.FAIL)])
def test_credentials_are_missed_only_once_something_was_seeded(
    tmp_path: Path, is_up: bool, state: State
) -> None:
    file = CredentialsFile.below(tmp_path)
    assert ground.credentials(file.path, file.read, is_up=is_up).state == state


def test_credentials_that_others_may_read_are_closed_by_fix(tmp_path: Path) -> None:
    file = CredentialsFile.below(tmp_path)
    file.add(Credential.minted("ada@example.com", is_superuser=False))
    assert ground.credentials(file.path, file.read, is_up=True).state == State.OK
    file.path.chmod(0o644)

    found = ground.credentials(file.path, file.read, is_up=True)
    assert found.state == State.WARN
    assert found.mend
    found.mend()
    assert file.path.stat().st_mode & 0o777 == 0o600

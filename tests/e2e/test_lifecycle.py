"""Up, up again, down, up: what is kept and what is left."""

import json

import psutil

from infra.emulator.process import Emulator
from tests.e2e.conftest import Lambent
from tests.e2e.predictions import PLACE, predicted


def listening(lambent: Lambent) -> set[str]:
    """The addresses that this Lambent's processes listen on."""
    status = Emulator(lambent.workspace).status()
    assert status
    root = psutil.Process(status.pid)
    return {
        connection.laddr.ip
        for process in [root, *root.children(recursive=True)]
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }


def test_nothing_listens_elsewhere_than_on_this_machine(lambent: Lambent) -> None:
    assert listening(lambent) == {"127.0.0.1"}


def test_up_again_changes_nothing(lambent: Lambent) -> None:
    before = (lambent.workspace.local_dir / "credentials.json").read_text()
    process = Emulator(lambent.workspace).status()

    again = lambent.run("up")

    assert again.returncode == 0, again.stderr
    assert (lambent.workspace.local_dir / "credentials.json").read_text() == before
    assert process
    assert Emulator(lambent.workspace).is_running()
    assert psutil.pid_exists(process.pid)


def test_users_and_results_outlive_down_and_up(lambent: Lambent) -> None:
    before = predicted(lambent.client("demo@example.com"), "temperature", PLACE)

    down = lambent.run("down")
    assert down.returncode == 0, down.stderr
    assert not Emulator(lambent.workspace).is_running()
    up = lambent.run("up")
    assert up.returncode == 0, up.stderr

    after = lambent.client("demo@example.com").get(f"/v1/predictions/{before['id']}").json()
    assert after == before


def test_users_are_listed(lambent: Lambent) -> None:
    listed = json.loads(lambent.run("users", "ls", "--json").stdout)

    assert {"admin@example.com", "demo@example.com"} <= {user["email"] for user in listed}

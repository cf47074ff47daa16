"""What docker says is told in other words, with its cure; what it is asked for is exact."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.errors import Trouble
from infra.localstack.compose import Compose
from infra.localstack.errors import (
    ComposeFailed,
    EngineDown,
    NoCompose,
    NoDocker,
    SocketForbidden,
    WantsToken,
)
from infra.localstack.workspace import OnLocalStack

Docker = Callable[[str], Path]
DOWN = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."
FORBIDDEN = "permission denied while trying to connect to the Docker daemon socket"


def test_without_docker_it_is_told_what_else_there_is(
    place: OnLocalStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoDocker) as trouble:
        Compose(place).require_usable()

    assert "LOCALSTACK_ENDPOINT=" in trouble.value.cure
    assert "needs no Docker: ./run.sh up" in trouble.value.cure


@pytest.mark.parametrize(
    ("script", "trouble", "words"),
    [
        (f'echo "{DOWN}" >&2; exit 1', EngineDown, "systemctl start docker"),
        (f'echo "{FORBIDDEN}" >&2; exit 1', SocketForbidden, r"usermod -aG docker \$USER"),
        ("exit 1", EngineDown, "docker says: nothing"),
        ('[ "$1" = info ]', NoCompose, "docker-compose-plugin"),
    ],
)
def test_a_docker_of_no_use_is_told_with_its_cure(
    place: OnLocalStack, docker: Docker, script: str, trouble: type[Trouble], words: str
) -> None:
    docker(script)

    with pytest.raises(trouble, match=words):
        Compose(place).require_usable()


def test_up_waits_until_the_containers_of_this_folder_are_healthy(
    place: OnLocalStack, docker: Docker
) -> None:
    calls = docker('echo "$PORT $EMULATOR_PORT" >>"$(dirname "$0")/ports"')

    Compose(place).up()

    [asked] = calls.read_text().splitlines()
    assert asked.startswith(
        f"compose --project-name lambent-{place.mark} --file {place.root}/docker"
    )
    assert asked.endswith("localstack.yml up --detach --wait --remove-orphans")
    assert (calls.parent / "bin/ports").read_text() == "8123 4623\n"


def test_an_image_that_wants_a_token_is_told_as_that(place: OnLocalStack, docker: Docker) -> None:
    docker('case "$*" in *logs*) echo "License activation failed!";; *) exit 1;; esac')

    with pytest.raises(WantsToken, match=r"of docker-compose\.localstack\.yml wants a token"):
        Compose(place).up()


def test_what_compose_and_localstack_said_last_is_told(place: OnLocalStack, docker: Docker) -> None:
    docker(
        'case "$*" in *logs*) echo "no space left on device";; *) echo unhealthy >&2; exit 1;; esac'
    )

    with pytest.raises(ComposeFailed, match=r"unhealthy\nno space left on device"):
        Compose(place).up()


def test_a_socket_elsewhere_is_given_to_localstack_too(
    place: OnLocalStack, docker: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/user/1000/docker.sock")
    calls = docker('echo "$DOCKER_SOCK" >"$(dirname "$0")/socket"')

    Compose(place).up()

    assert (calls.parent / "bin/socket").read_text() == "/run/user/1000/docker.sock\n"


@pytest.mark.parametrize(("script", "runs"), [("echo 3f2a", True), ("", False), ("exit 1", False)])
def test_it_runs_if_a_container_of_it_does(
    place: OnLocalStack, docker: Docker, script: str, runs: bool
) -> None:
    docker(script)

    assert Compose(place).is_running() is runs


def test_down_removes_the_volumes_too(place: OnLocalStack, docker: Docker) -> None:
    calls = docker("")

    Compose(place).down()

    assert calls.read_text().endswith("down --volumes --remove-orphans\n")


def test_a_down_that_fails_is_told(place: OnLocalStack, docker: Docker) -> None:
    docker('echo "no such daemon" >&2; exit 1')

    with pytest.raises(ComposeFailed, match="no such daemon"):
        Compose(place).down()

"""LocalStack and its front door as containers of Docker Compose."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from infra.localstack.engine import require_engine
from infra.localstack.errors import ComposeFailed, NoCompose, WantsToken
from infra.localstack.workspace import OnLocalStack

FILE = "docker-compose.localstack.yml"
SOCKET = "/var/run/docker.sock"
MANY = 1500  # the last characters of what a failing command said
TOKEN = ("LOCALSTACK_AUTH_TOKEN", "License activation failed")


@dataclass(frozen=True)
class Compose:
    """The containers of one folder; each folder has a project of its own."""

    workspace: OnLocalStack

    def require_usable(self) -> None:
        """Raise unless the docker command, an engine and the Compose plugin are there."""
        require_engine()
        if self._run("version").returncode:
            raise NoCompose

    def is_running(self) -> bool:
        """Whether any of its containers runs."""
        found = self._run(*self._project(), "ps", "--quiet", "--status", "running")
        return bool(found.returncode == 0 and found.stdout.strip())

    def up(self) -> None:
        """Start what does not run or was changed, and wait until it is healthy."""
        done = self._run(*self._project(), "up", "--detach", "--wait", "--remove-orphans")
        if done.returncode:
            raise self._failure(done.stderr)

    def down(self) -> None:
        """Remove the containers, and with them all that LocalStack holds."""
        done = self._run(*self._project(), "down", "--volumes", "--remove-orphans")
        if done.returncode:
            raise ComposeFailed("down", _last(done.stderr))

    def _failure(self, said: str) -> WantsToken | ComposeFailed:
        """What LocalStack itself said last tells more than Compose does."""
        logs = ("logs", "--no-color", "--tail", "30", "localstack")
        words = self._run(*self._project(), *logs).stdout
        if any(mark in words for mark in TOKEN):
            return WantsToken(f"of {FILE}")
        return ComposeFailed("up", f"{_last(said)}\n{_last(words)}".strip())

    def _project(self) -> tuple[str, ...]:
        file = str(self.workspace.root / FILE)
        return "--project-name", f"lambent-{self.workspace.mark}", "--file", file

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["docker", "compose", *words],
            env={**os.environ, **self._variables()},
            capture_output=True,
            text=True,
            check=False,
        )

    def _variables(self) -> Mapping[str, str]:
        """What the file asks for."""
        host = os.environ.get("DOCKER_HOST", "")
        return {
            "PORT": str(self.workspace.port),
            "EMULATOR_PORT": str(self.workspace.emulator_port),
            "REST_API_ID": self.workspace.rest_api_id or "",
            "DOCKER_SOCK": host.removeprefix("unix://") if host.startswith("unix://") else SOCKET,
        }


def _last(said: str) -> str:
    return said.strip()[-MANY:]

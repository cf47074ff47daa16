"""One whole Lambent for all end-to-end tests: brought up by the command line, in its own folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from infra.workspace import ROOT, Workspace
from tests.emulators import workspace_in


@dataclass(frozen=True)
class Lambent:
    """A running Lambent, reached as its users reach it: by its command line and over HTTP."""

    workspace: Workspace
    closing: ExitStack

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`./run.sh words…` with this Lambent's ports and folder."""
        return subprocess.run(
            [sys.executable, "-m", "infra.cli", *words],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What tells the command line to be this Lambent's."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "CI": "true",
            "PORT": str(self.workspace.port),
            "EMULATOR_PORT": str(self.workspace.emulator_port),
            "LOCAL_DIR": str(self.workspace.local_dir),
        }

    def password(self, email: str) -> str:
        """The seeded password of a seeded user."""
        seeded = json.loads((self.workspace.local_dir / "credentials.json").read_text())
        return str(next(each["password"] for each in seeded if each["email"] == email))

    def client(self, email: str, password: str | None = None) -> httpx.Client:
        """An HTTP client with a fresh access token of this user."""
        form = {"username": email, "password": password or self.password(email)}
        url = self.workspace.public_url
        client = self.closing.enter_context(httpx.Client(base_url=url, timeout=30))
        token = client.post("/v1/auth/jwt/login", data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def newcomer(self, email: str) -> httpx.Client:
        """A client of somebody who has just registered."""
        secret = "a long and private sentence"
        body = {"email": email, "password": secret}
        httpx.post(f"{self.workspace.public_url}/v1/auth/register", json=body).raise_for_status()
        return self.client(email, secret)


@pytest.fixture(scope="session")
def lambent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lambent]:
    """Up before the first test that needs it, down after the last, whatever happened."""
    with ExitStack() as closing:
        running = Lambent(workspace_in(tmp_path_factory.mktemp("lambent")), closing)
        closing.callback(running.run, "down", "--wipe")
        up = running.run("up")
        assert up.returncode == 0, up.stdout + up.stderr
        yield running


@pytest.fixture(scope="session")
def demo(lambent: Lambent) -> httpx.Client:
    """The seeded demo user, who may use every model."""
    return lambent.client("demo@example.com")


@pytest.fixture(scope="session")
def admin(lambent: Lambent) -> httpx.Client:
    """The seeded superuser."""
    return lambent.client("admin@example.com")

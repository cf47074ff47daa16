"""One whole Lambent for all end-to-end tests: brought up by the command line, in its own folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from chalicelib.settings import Settings
from infra.deploy import Cloud, environment
from infra.local.deployment import followed
from infra.localstack.pinned import VARIABLE
from infra.workspace import Workspace
from tests.emulators import workspace_in

EMBEDDED_ONLY = {
    "test_change",  # has an emulator of its own
    "test_chaos",  # has a checkout of its own
    "test_contracts",  # on LocalStack: tests/integration/localstack
    "test_data",  # has a Lambent of its own, which is wiped
    "test_docs_page",  # wants the page at the front door's root
    "test_emulator",
    "test_front_door",
    "test_lifecycle",
    "test_profiles",  # kills processes of functions
    "test_repeats",  # the same
    "test_schemathesis",  # LocalStack's gateway answers multipart without a boundary with a 500
    "test_newcomer",  # has a checkout and an emulator of its own
    "test_strict",  # has an emulator of its own
    "test_readme",  # sleeps for as long as the embedded emulator needs
}
"""Modules about the embedded emulator itself."""
LOCALSTACK_ONLY = {"test_localstack"}
GAPS = {
    "test_an_unknown_path_and_method_are_problem_documents": "LocalStack takes the status of a "
    "gateway response and leaves its template and headers out",
}
"""What LocalStack cannot do; a test of these that passes is a failure, and leaves this list."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without those of the other target; what remains is the same for both."""
    on_localstack = _target(config) is not None
    others = EMBEDDED_ONLY if on_localstack else LOCALSTACK_ONLY
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    left_out = {item for item in mine if item.path.stem in others}
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))
    for item in mine if on_localstack else ():
        if reason := GAPS.get(item.name):
            item.add_marker(pytest.mark.xfail(reason=reason))


@dataclass(frozen=True)
class Lambent:
    """A running Lambent, reached as its users reach it: by its command line and over HTTP."""

    asked: Workspace
    closing: ExitStack
    target: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        """Where it is up."""
        return followed(self.asked)

    def up(self) -> subprocess.CompletedProcess[str]:
        """`./run.sh up` on what these tests are for."""
        return self.run("up", *(("--target", self.target) if self.target else ()))

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`./run.sh words…` with this Lambent's ports and folder."""
        return subprocess.run(
            [sys.executable, "-m", "infra.cli", *words],
            cwd=self.asked.root,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What tells the command line to be this Lambent's."""
        named = {VARIABLE: os.environ[VARIABLE]} if self.target and VARIABLE in os.environ else {}
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "CI": "true",
            "PORT": str(self.asked.port),
            "EMULATOR_PORT": str(self.asked.emulator_port),
            "LOCAL_DIR": str(self.asked.local_dir),
            **named,
            **self.settings,
        }

    @property
    def deployed(self) -> Settings:
        """The settings of its API."""
        cloud = Cloud.local(self.workspace.endpoint)
        return Settings.read(environment(cloud, f"{self.workspace.stack}-api"))

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
def lambent(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lambent]:
    """Up before the first test that needs it, down after the last, whatever happened."""
    with ExitStack() as closing:
        workspace = workspace_in(tmp_path_factory.mktemp("lambent"))
        running = Lambent(workspace, closing, _target(request.config))
        closing.callback(running.run, "down", "--wipe")
        up = running.up()
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


def _target(config: pytest.Config) -> str | None:
    """What the tests are asked to run on; None is the embedded emulator."""
    target = config.getoption("--target", default=None)
    return None if target in (None, "embedded") else str(target)

"""What somebody with a model of their own does first, in a checkout of their own."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from infra.workspace import Workspace
from tests.e2e.checkouts import clone
from tests.emulators import aws, eventually

FLAGS = ("--first", "50", "--second", "50")


@dataclass(frozen=True)
class Newcomer:
    """Types commands in a checkout, and keeps the time of each."""

    workspace: Workspace
    times: dict[str, float] = field(default_factory=dict)

    def types(self, *words: str) -> str:
        """`./run.sh words…`, which has to succeed; what it printed."""
        began = time.perf_counter()
        done = self.tries(*words)
        self.times[" ".join(words[:2])] = time.perf_counter() - began
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tries(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same, whatever comes of it."""
        return subprocess.run(
            ["./run.sh", *words],
            cwd=self.workspace.root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                "CI": "true",
                "PORT": str(self.workspace.port),
                "EMULATOR_PORT": str(self.workspace.emulator_port),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def findings(self, *words: str) -> dict[str, str]:
        """What doctor says of each thing."""
        told = json.loads(self.tries("doctor", "--json", *words).stdout)
        return {check["check"]: check["state"] for check in told["checks"]}


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """With a model, `rainfall`, that was written by one command and is served by another."""
    newcomer = Newcomer(clone(tmp_path_factory.mktemp("newcomer")))
    try:
        newcomer.types("models", "new", "rainfall")
        newcomer.types("up")
        yield newcomer
    finally:
        newcomer.tries("down", "--wipe")


@pytest.fixture(scope="module")
def demo(newcomer: Newcomer) -> Iterator[httpx.Client]:
    """The seeded demo user of the newcomer's Lambent."""
    seeded = json.loads((newcomer.workspace.local_dir / "credentials.json").read_text())
    mine = next(each for each in seeded if not each["is_superuser"])
    form = {"username": mine["email"], "password": mine["password"]}
    with httpx.Client(base_url=newcomer.workspace.public_url, timeout=30) as client:
        token = client.post("/v1/auth/jwt/login", data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_its_own_test_passes(newcomer: Newcomer) -> None:
    told = newcomer.types("test", "-q", "tests/unit/models/test_rainfall.py")

    assert "passed" in told


def test_it_is_listed_with_the_next_id(newcomer: Newcomer) -> None:
    listed = json.loads(newcomer.types("models", "ls", "--json"))

    ids = {model["name"]: model["id"] for model in listed}
    assert ids["rainfall"] == max(ids.values()) == len(ids)


def test_the_document_of_the_api_tells_it(newcomer: Newcomer) -> None:
    document = json.loads((newcomer.workspace.root / "infra/openapi.json").read_text())

    assert "/v1/models/rainfall/predictions" in document["paths"]
    assert "up to date" in newcomer.types("openapi", "--check")


def test_it_predicts_from_the_command_line(
    newcomer: Newcomer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert newcomer.types("predict", "rainfall", *FLAGS) == "rainfall  75.0\n"

    times = ", ".join(f"{words} {seconds:.1f} s" for words, seconds in newcomer.times.items())
    with capsys.disabled():
        print(f"\nnewcomer: {times}")


def test_its_routes_schema_and_grant_are_there(demo: httpx.Client) -> None:
    model: dict[str, Any] = demo.get("/v1/models/rainfall").json()
    old = demo.post(f"/v1/inference/predict-rainfall/{model['id']}", json={"first": 1, "second": 2})
    wrong = demo.post("/v1/models/rainfall/predictions", json={"input": {"first": 101}})

    assert model["grant"]["access_policy_id"] == 1
    assert list(model["input_schema"]["properties"]) == ["first", "second"]
    assert (old.status_code, wrong.status_code) == (200, 422)


def test_doctor_finds_nothing_broken(newcomer: Newcomer) -> None:
    assert "fail" not in newcomer.findings().values()


def test_doctor_mends_a_stale_build_and_a_stack_that_is_gone(newcomer: Newcomer) -> None:
    model = newcomer.workspace.root / "layers/model/python/ml_models/rainfall.py"
    model.write_text(model.read_text().replace("1.0.0", "1.0.1"))
    formation = aws(newcomer.workspace, "cloudformation")
    formation.delete_stack(StackName="lambent")
    assert eventually(lambda: newcomer.findings()["Stack"] == "fail")
    assert newcomer.findings()["Build"] == "warn"

    mended = newcomer.findings("--fix")

    needed = ("Build", "Stack", "API", "Light-worker", "Onnx-worker", "Sign-in")
    assert {mended[name] for name in needed} == {"ok"}

"""The Python client as its users have it: from its own folder, with nothing of ours beside it."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from clients.python.lambent_client import ApiError, Lambent
from infra.workspace import ROOT
from tests.e2e.conftest import Lambent as Running
from tests.e2e.people import somebody
from tests.e2e.predictions import PLACE, REFERENCE

FOLDER = ROOT / "clients/python"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCOPES = ("predictions:write", "predictions:read")


@pytest.fixture(scope="module")
def key(lambent: Running) -> str:
    """An API key of somebody who may use the temperature model."""
    owner = somebody(lambent, "programmer")
    assert lambent.run("grant", owner.email, "temperature").returncode == 0
    return owner.api_key(*SCOPES)


def run(program: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python program of somebody who has the client and not this checkout."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(FOLDER), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_examples_of_its_readme_work(lambent: Running, key: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall((FOLDER / "README.md").read_text())
    access: Mapping[str, str] = {"LAMBENT_URL": lambent.workspace.public_url, "LAMBENT_TOKEN": key}

    told = run("\n".join(blocks), tmp_path, **access)

    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0] == str({"temperature": REFERENCE})
    assert any(line.endswith("{'order': 7}") for line in lines)
    assert lines[-2].startswith("invalid [{")
    assert lines[-1] == str([{"temperature": REFERENCE}] * 2)


def test_it_brings_nothing_but_httpx(tmp_path: Path) -> None:
    told = run("import sys, lambent_client; print(*sys.modules)", tmp_path)

    assert told.returncode == 0, told.stderr
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert "httpx" in loaded
    assert loaded.isdisjoint({"app", "chalicelib", "infra", "ml_models", "pydantic", "boto3"})


def test_who_signs_in_by_it_predicts(lambent: Running) -> None:
    client = Lambent(lambent.workspace.public_url)

    with client.http:
        client.sign_in("demo@example.com", lambent.password("demo@example.com"))
        assert client.predict("temperature", PLACE) == {"temperature": REFERENCE}


def test_a_key_that_does_not_hold_is_refused(lambent: Running) -> None:
    client = Lambent(lambent.workspace.public_url, "nonsense")

    with client.http, pytest.raises(ApiError) as told:
        client.predict("temperature", PLACE)
    assert (told.value.status, told.value.code) == (401, "unauthorized")

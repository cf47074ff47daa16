"""run.sh itself, on machines whose Python will not do."""

import shutil
import subprocess
from pathlib import Path

import pytest

from infra.workspace import ROOT

TOOLS = ("bash", "cat", "cksum", "dirname", "rm")
PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout on a machine with these tools and old Pythons only."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    for name in PYTHONS:
        python = tmp_path / "bin" / name
        python.write_text("#!/bin/sh\nexit 1\n")
        python.chmod(0o755)
    (tmp_path / "infra").mkdir()
    for file in ("run.sh", "infra/requirements.txt"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def run(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`./run.sh up` there."""
    return subprocess.run(
        [checkout / "bin/bash", checkout / "run.sh", "up"],
        env={"PATH": str(checkout / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wrong_python_is_told_before_anything_is_made(checkout: Path) -> None:
    told = run(checkout)

    assert told.returncode == 1
    assert told.stderr.startswith("run.sh: no Python 3.11 or newer with the venv module")
    assert not (checkout / ".venv").exists()


def test_its_cure_names_the_variable_that_chooses_one(checkout: Path) -> None:
    assert "PYTHON=/path/to/python3 ./run.sh up" in run(checkout, PYTHON="/nowhere").stderr


def test_an_environment_whose_python_was_removed_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to("/nowhere/python3")
    with (checkout / "infra/requirements.txt").open() as pins:
        told = subprocess.run(["cksum"], stdin=pins, capture_output=True, text=True, check=True)
    (checkout / ".venv/.pins").write_text(told.stdout)

    assert "no Python 3.11 or newer" in run(checkout).stderr

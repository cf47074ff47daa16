"""Who may import whom: each contract of .importlinter is kept, and fails when it is broken."""

import ast
import os
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from infra.workspace import ROOT

CLIENT = "clients/python/lambent_client"
PACKAGES = ("chalicelib", "functions", "layers/model/python/ml_models", CLIENT)
BREAKS = {
    "layers": ("chalicelib/domain/accounts/users.py", "import chalicelib.inference.model"),
    "services": (
        "chalicelib/services/accounts/registration.py",
        "import chalicelib.adapters.queue",
    ),
    "shared": ("chalicelib/settings.py", "import ml_models.temperature"),
    "functions": ("functions/worker/handler.py", "import chalicelib.api.bodies"),
    "function_imports": ("functions/worker/handler.py", "import chalicelib.domain.ids"),
    "models": ("layers/model/python/ml_models/sentiment.py", "import chalicelib.settings"),
    "aws": ("chalicelib/services/health.py", "import botocore.session"),
    "chalice": ("chalicelib/services/health.py", "from chalice.app import Chalice"),
    "composition": ("chalicelib/api/models.py", "import chalicelib.adapters.access"),
    "development": ("chalicelib/errors.py", "import infra.workspace"),
    "client": (f"{CLIENT}/__init__.py", "import chalicelib.settings"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped packages and the contracts, to be broken."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint(root: Path, contract: str) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command as main; main()"
    command = [sys.executable, "-c", program, "--no-logo", "--no-cache", "--contract", contract]
    environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'layers/model/python'}"}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def contracts() -> list[str]:
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return [name.removeprefix(prefix) for name in config.sections() if name.startswith(prefix)]


def test_every_contract_is_broken_here_once() -> None:
    assert sorted(BREAKS) == sorted(contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_contract_is_kept_until_it_is_broken(copy: Path, contract: str) -> None:
    place, forbidden = BREAKS[contract]
    kept = lint(copy, contract)
    with (copy / place).open("a") as file:
        file.write(f"\n{forbidden}\n")

    broken = lint(copy, contract)

    assert (kept.returncode, broken.returncode) == (0, 1), broken.stdout + broken.stderr
    assert "1 broken" in broken.stdout


def test_app_py_imports_chalice_and_the_api_only() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }

    assert modules <= {"chalice.app", "chalicelib.api"}

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli.verbs import command_line
from tests.emulators import free_ports

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`./run.sh words…` in a folder where nothing runs; gives exit code, stdout and stderr."""
    port, emulator_port = free_ports(2)
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("EMULATOR_PORT", str(emulator_port))
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path / "local"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*words: str, stdin: str = "") -> Any:
        return CliRunner().invoke(command_line(), words, input=stdin, prog_name="./run.sh")

    return run

"""A linter, and how it is called."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.cli import console
from infra.cli.environment import of_this_process


@dataclass(frozen=True)
class Tool:
    """A linter and how it is called."""

    name: str
    arguments: Sequence[str]

    def run(self, root: Path) -> subprocess.CompletedProcess[str]:
        """Run it on the checkout, with this Python and a clean environment."""
        environment = of_this_process() | {"PYTHONPATH": f"{root}:{root / 'layers/model/python'}"}
        return subprocess.run(
            [sys.executable, *self.arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def objections(self, root: Path) -> str:
        """What it objects to, shown as a step; nothing if it is content."""
        with console.step(self.name) as step:
            done = self.run(root)
            step.result = "failed" if done.returncode else "clean"
        return (done.stdout + done.stderr).rstrip() or "nothing" if done.returncode else ""

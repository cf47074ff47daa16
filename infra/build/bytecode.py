"""Compiled code beside each source file, so that no cold start compiles."""

import subprocess
import sys
from pathlib import Path

from infra.build.errors import BuildError


def compile_tree(tree: Path) -> None:
    """Give each .py its unchecked-hash .pyc, with paths relative to the tree.

    In a process of its own, one file after the other: marshal's output depends on what else
    the process holds, and the same tree must give the same bytes.
    """
    command = [sys.executable, "-I", "-S", "-m", "compileall", "-q", "-f", "-o", "0"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(
            f"a file to ship does not compile on Python {sys.version.split()[0]}: "
            f"{done.stdout.strip()} Mend it, or leave it out in infra/build/contents.py."
        )

"""Chalice's part: the API's code with Chalice's runtime, and the merged template."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from infra.build.contents import CHALICE_STAGE
from infra.build.errors import BuildError

# Chalice has no __main__, and its script need not be on PATH.
_CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
_LINES_OF_TRACEBACK = 12


@dataclass(frozen=True)
class Package:
    """What `chalice package` made: the unpacked function, and the template."""

    code: Path
    template: Path


def package(project: Path, merge_template: Path, out: Path) -> Package:
    """Let Chalice package a project that asks for no dependency, without network or account."""
    (project / "requirements.txt").write_text("")
    command = [sys.executable, "-I", "-B", "-c", _CHALICE, "--project-dir", str(project)]
    command += ["package", "--stage", CHALICE_STAGE]
    command += ["--merge-template", str(merge_template), str(out)]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BuildError(
            "chalice package failed:\n" + "\n".join(said[-_LINES_OF_TRACEBACK:]) + "\n"
            "Mend app.py or what it imports; importing it must need nothing but the pinned .venv."
        )
    with ZipFile(out / "deployment.zip") as archive:
        archive.extractall(out / "code")
    return Package(code=out / "code", template=out / "sam.yaml")


def _environment() -> dict[str, str]:
    """This process's, with an AWS of no account: a developer's profile changes no build."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **inherited,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }

"""The README's commands, typed as they stand."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from infra.workspace import ROOT
from tests.e2e.conftest import Lambent
from tests.e2e.predictions import REFERENCE

BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def checkout(lambent: Lambent, tmp_path: Path) -> Path:
    """A folder that looks like a checkout whose `.local` is this Lambent's."""
    (tmp_path / ".local").symlink_to(lambent.workspace.local_dir)
    command = tmp_path / "run.sh"
    command.write_text(f'#!/bin/sh\nexec "{ROOT}/run.sh" "$@"\n')
    command.chmod(0o755)
    return tmp_path


def test_the_walk_through_ends_in_the_reference_value(lambent: Lambent, checkout: Path) -> None:
    blocks = BLOCK.findall((ROOT / "README.md").read_text())

    walked = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=checkout,
        env=lambent.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert walked.returncode == 0, walked.stderr
    assert json.dumps(REFERENCE) in walked.stdout
    assert '{"state":"SUCCESS","result":{"temperature":8.560720654765046}}' in walked.stdout

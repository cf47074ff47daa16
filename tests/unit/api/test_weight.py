"""What a cold start must not load, seen from a fresh interpreter."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
IMPORT_APP = """
import json, sys
import app
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded_by(program: str) -> set[str]:
    """The packages that it prints, run with nothing of AWS in its environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "model" / "python")])
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**environment, "PYTHONPATH": paths},
    )
    return set(json.loads(done.stdout))


def test_importing_the_app_needs_no_aws_and_loads_nothing_heavy() -> None:
    loaded = loaded_by(IMPORT_APP)
    assert {"app", "chalicelib", "ml_models"} <= loaded
    assert loaded.isdisjoint(
        {"numpy", "vaderSentiment", "aws_xray_sdk", "boto3", "email_validator"}
    )

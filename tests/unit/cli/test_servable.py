"""Model files that could not be served, as the verbs refuse them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.cli.environment import of_this_process
from infra.workspace import ROOT

GOOD = (ROOT / "layers/model/python/ml_models/temperature.py").read_text()
OTHER = GOOD.replace("id=2,", "id=20,").replace('name="temperature"', 'name="rain"')
LINE = GOOD.splitlines().index("class TemperatureModel(Model[Place, Temperature]):")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose models are its own."""
    shutil.copytree(ROOT / "layers", tmp_path / "layers")
    shutil.copytree(ROOT / "infra", tmp_path / "infra")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "chalicelib").symlink_to(ROOT / "chalicelib")
    return tmp_path


def told(checkout: Path, source: str, *words: str) -> list[str]:
    """What a verb says to a model file `rain.py` of that content, on standard error."""
    (checkout / "layers/model/python/ml_models/rain.py").write_text(source)
    environment = of_this_process() | {"LOCAL_DIR": str(checkout / ".local")}
    done = subprocess.run(
        [sys.executable, "-m", "infra.cli", *words],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import numpy\n", "rain.py:1: numpy is imported at the top, and the API, which reads"),
        ("import os\nfrom yaml import load\n", "rain.py:2: yaml is imported at the top"),
        ("def f(:\n", "rain.py:1: its import ends in SyntaxError: invalid syntax"),
        ("x = 1\ny = z\n", "rain.py:2: its import ends in NameError: name 'z' is not defined"),
        (
            GOOD,
            f"temperature.py:{LINE}: id 2 or name 'temperature' is already taken by rain.py:{LINE}",
        ),
        (GOOD.replace("id=2", "id=-2"), f"rain.py:{LINE}: id -2 is not a positive integer"),
        (
            GOOD.replace("places: list[Place]", "places: Place"),
            f"rain.py:{LINE}: predict is written def predict(self, x: list[Place]) ->",
        ),
        (
            OTHER.replace("id=20,", 'id=20, worker="lihgt",'),
            f"rain.py:{LINE}: worker 'lihgt' is no profile of infra/profiles.toml; name one of "
            "light, onnx, or add a table [lihgt] there.",
        ),
        (
            OTHER.replace("id=20,", "id=20, timeout=30,"),
            f"rain.py:{LINE}: timeout 30 is not under the 30 seconds of 'light' in "
            "infra/profiles.toml; lower it, or raise that one.",
        ),
    ],
)
def test_a_wrong_model_file_is_refused_in_a_sentence_with_its_line(
    checkout: Path, source: str, sentence: str
) -> None:
    first, *others = told(checkout, source, "models", "ls")

    assert first.startswith(f"error: {sentence}")
    assert others[-1] == "       Correct the file below layers/model/python/ml_models."


@pytest.mark.parametrize("verb", ["up", "build"])
def test_it_is_refused_before_anything_is_built(checkout: Path, verb: str) -> None:
    lines = told(checkout, "import numpy\n", verb)

    assert lines[0].startswith("error: rain.py:1: numpy is imported at the top")
    assert not any("Traceback" in line for line in lines)
    assert not (checkout / ".build").exists()

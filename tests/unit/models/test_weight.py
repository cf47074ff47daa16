import json
import subprocess
import sys
from pathlib import Path

HEAVY = {"numpy", "vaderSentiment", "requests"}

IMPORT_ALL = """
import importlib, json, pkgutil, sys, ml_models
for found in pkgutil.iter_modules(ml_models.__path__):
    importlib.import_module("ml_models." + found.name)
print(json.dumps(sorted(sys.modules)))
"""

LOAD_SENTIMENT = """
import json, pathlib, sys
from ml_models.sentiment import SentimentModel
SentimentModel().load(pathlib.Path())
print(json.dumps(sorted(sys.modules)))
"""


def test_importing_every_model_file_loads_no_heavy_library(layer: Path) -> None:
    loaded = _run(IMPORT_ALL, layer)
    assert {"ml_models.temperature", "ml_models.sentiment"} <= set(loaded)
    assert HEAVY.isdisjoint(loaded)


def test_the_sentiment_model_needs_no_requests_though_its_package_says_so(layer: Path) -> None:
    loaded = _run(LOAD_SENTIMENT, layer)
    assert "vaderSentiment" in loaded
    assert "requests" not in loaded


def _run(program: str, layer: Path) -> list[str]:
    """What the program prints, run in a fresh interpreter that finds our code and its own."""
    path = f"import sys; sys.path[:0] = [{str(layer / 'python')!r}, {str(layer.parents[1])!r}]"
    done = subprocess.run(
        [sys.executable, "-c", path + program], check=True, capture_output=True, text=True
    )
    answer: list[str] = json.loads(done.stdout)
    return answer

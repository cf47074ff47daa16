"""`models new`: what it writes is good as it is, and what it cannot write it refuses."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.cli.environment import of_this_process
from infra.cli.heavy import ruff_options
from infra.cli.scaffold import MODELS, TESTS, drafted, write
from infra.local.errors import Trouble
from infra.workspace import ROOT
from tests.unit.cli.conftest import Run

LONG = "a-name-that-is-exactly-forty-letters-new"
FIELD = "a_field_whose_name_has_forty_letters_too"
WIDE = [
    *("text:str", "title:str:3..20", "code:str:2000..", "wet:bool", "n:int", "m:int:-10..7"),
    *("t:float:..-0.5", "u:float:2000000..", f"{FIELD}:float:-1.5..2.5"),
]
ANSWERS = ["label:str", "score:float:0..1", "count:int:3..", "ok:bool", "raw:float"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as a model and its test need."""
    shutil.copytree(ROOT / "layers/model", tmp_path / "layers/model")
    (tmp_path / TESTS).mkdir(parents=True)
    for file in ("pyproject.toml", "requirements.txt", TESTS / "conftest.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "chalicelib").symlink_to(ROOT / "chalicelib")
    return tmp_path


def tool(checkout: Path, *arguments: str) -> None:
    """Run a tool there; what it says is told if it objects."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=checkout,
        env=of_this_process(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "inputs", "outputs"),
    [("rainfall-of-a-test", [], []), (LONG, WIDE, ANSWERS), ("copy", ["text:str"], ["ok:bool"])],
)
def test_both_files_pass_lint_and_the_test_covers_the_model_wholly(
    checkout: Path, name: str, inputs: list[str], outputs: list[str]
) -> None:
    model, test = write(drafted(name, inputs, outputs), checkout)

    files = (str(model), str(test))
    tool(checkout, "ruff", "check", "--no-cache", *ruff_options(ROOT), *files)
    tool(checkout, "ruff", "format", "--no-cache", "--check", *files)
    coverage = ("--cov", f"ml_models.{model.stem}", "--cov-branch", "--cov-fail-under", "100")
    tool(checkout, "pytest", "-q", "-p", "no:cacheprovider", *coverage, str(test))


def test_the_model_is_typed_as_strictly_as_ours(checkout: Path) -> None:
    model, _ = write(drafted(LONG, WIDE, ANSWERS), checkout)

    tool(checkout, "mypy", "--cache-dir", str(ROOT / ".mypy_cache"), str(model))


def test_the_id_is_the_next_one_unless_it_is_given() -> None:
    assert drafted("rainfall-of-a-test", [], []).id >= 3
    assert drafted("rainfall-of-a-test", [], [], 700).id == 700


def test_without_fields_there_are_two_numbers_and_an_answer_named_as_the_model() -> None:
    draft = drafted("air-in-a-test", [], [])
    assert [field.name for field in draft.inputs] == ["first", "second"]
    assert [field.name for field in draft.outputs] == ["air_in_a_test"]


def test_what_is_there_is_never_written_over(checkout: Path) -> None:
    (checkout / TESTS / "test_rainfall_of_a_test.py").write_text("mine")

    with pytest.raises(Trouble, match="is there already"):
        write(drafted("rainfall-of-a-test", [], []), checkout)
    assert not (checkout / MODELS / "rainfall_of_a_test.py").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["Air_Quality"], "is not lower-case-with-dashes, as air-quality is"),
        (["7up"], "is not lower-case-with-dashes"),
        (["import"], "is a word of Python's"),
        (["temp"], "is the path of temperature's first route"),
        (["x" * 41], "is longer than 40 characters"),
        (["x", "--id", "0"], "--id"),
        (["x", "--input", "rain"], "is not field:type with a type of float, int, str, bool"),
        (["x", "--input", "rain:list"], "is not field:type"),
        (["x", "--input", "Rain:int"], "is not a field's name"),
        (["x", "--input", "class:int"], "has a meaning of its own"),
        (["x", "--input", "json:str"], "has a meaning of its own"),
        (["x", "--input", "model_id:int"], "has a meaning of its own"),
        (["x", "--input", "a:int", "--input", "a:str"], "is given twice"),
        (["x", "--input", "a:float:1"], "a range is written 0..100"),
        (["x", "--input", "a:bool:0..1"], "a range is written 0..100"),
        (["x", "--input", "a:float:5..1"], "5 is above 1"),
        (["x", "--input", "a:float:0..inf"], "is beyond"),
        (["x", "--input", "a:float:nan..1"], "is beyond"),
        (["x", "--input", "a:float:low..1"], "'low' is not a number"),
        (["x", "--input", "a:int:0..1.5"], "'1.5' is not a whole number"),
        (["x", "--input", "a:str:..0"], "no text is that short"),
        (["x", "--output", "a:str:1..5"], "has no range"),
    ],
)
def test_what_cannot_be_written_is_wrong_usage_told_in_a_sentence(
    run: Run, words: list[str], sentence: str
) -> None:
    told = run("models", "new", *words)

    assert told.exit_code == 2
    assert sentence in " ".join(told.stderr.split())


@pytest.mark.parametrize("words", [["temperature"], ["rainfall-of-a-test", "--id", "2"]])
def test_a_used_name_or_id_is_refused_with_its_file(run: Run, words: list[str]) -> None:
    told = run("models", "new", *words)

    assert told.exit_code == 1
    assert told.stderr.startswith("error: temperature.py:")

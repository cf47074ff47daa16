from pathlib import Path

import pytest

from chalicelib.errors import NotFound
from chalicelib.inference import ModelDefinitionError
from chalicelib.inference.catalogue import Catalogue, artifacts_of
from tests.unit.inference.conftest import HEAD, Package, good


def test_every_file_of_the_package_is_found_and_listed_by_id(package: Package) -> None:
    name = package(first=good(2, "b"), second=good(1, "a"), third="x = 1")
    assert [spec.name for spec in Catalogue.discover(name)] == ["a", "b"]


def test_a_package_without_models_is_an_empty_catalogue(package: Package) -> None:
    assert list(Catalogue.discover(package())) == []


def test_a_model_that_another_file_imports_is_served_once(package: Package) -> None:
    name = package(first=good())
    home = Path(next(iter(__import__(name).__path__)))
    (home / "second.py").write_text(f"from {name}.first import A\n", "utf-8")
    assert [spec.source.split(":")[0] for spec in Catalogue.discover(name)] == ["first.py"]


def test_a_subclass_that_is_not_registered_is_not_served(package: Package) -> None:
    assert len(list(Catalogue.discover(package(a=good() + "\nclass B(A):\n    pass\n")))) == 1


@pytest.mark.parametrize("other", [good(1, "b"), good(2, "a"), good(1, "a")])
def test_two_models_of_one_id_or_name_are_refused_with_both_files(
    package: Package, other: str
) -> None:
    with pytest.raises(ModelDefinitionError) as refusal:
        Catalogue.discover(package(first=good(1, "a"), second=other))
    assert "second.py:" in str(refusal.value)
    assert "is already taken by first.py:" in str(refusal.value)


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("1 / 0", "bad.py:15: its import ends in ZeroDivisionError: division by zero"),
        ("def f(:", "bad.py:15: its import ends in SyntaxError: invalid syntax"),
        ("import no_such_thing", "bad.py:15: its import ends in ModuleNotFoundError: No module"),
        ("In.model_validate({})", "bad.py:15: its import ends in ValidationError: 1 validation"),
        ("int('\\n')", "bad.py:15: its import ends in ValueError: invalid literal for int()"),
        ("import json; json.loads('{')", "bad.py:15: its import ends in JSONDecodeError: "),
    ],
)
def test_a_file_that_fails_to_import_is_refused_with_its_line(
    package: Package, end: str, sentence: str
) -> None:
    with pytest.raises(ModelDefinitionError) as refusal:
        Catalogue.discover(package(bad=f"{HEAD}\n{end}\n"))
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("reference", ["a", "7"])
def test_a_model_is_found_by_name_and_by_id(package: Package, reference: str) -> None:
    catalogue = Catalogue.discover(package(first=good(7, "a")))
    assert catalogue.find(reference).name == "a"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("8", "Model with id 8 not found"),
        ("b", "Model b not found"),
        ("", "Model  not found"),
        ("-7", "Model -7 not found"),
        ("07", "Model 07 not found"),
        ("\u0667", "Model \u0667 not found"),
        ("7" * 5000, "Model 777"),
    ],
)
def test_an_unknown_model_is_named_as_it_was_asked_for(
    package: Package, reference: str, message: str
) -> None:
    catalogue = Catalogue.discover(package(first=good(7, "a")))
    with pytest.raises(NotFound) as refusal:
        catalogue.find(reference)
    assert str(refusal.value.detail).startswith(message)


def test_a_successor_has_the_same_major_number(package: Package) -> None:
    catalogue = Catalogue.discover(package(first=good(7, "a")))
    assert catalogue.successor("a", "1.9.9") is catalogue.find("a")
    assert catalogue.successor("a", "2.0.0") is None
    assert catalogue.successor("a", "10.0.0") is None
    assert catalogue.successor("b", "1.0.0") is None


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package in `python/`, as a layer has it."""
    (tmp_path / "python" / "models_in_a_layer").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "python")
    return "models_in_a_layer"


def test_in_a_layer_the_weights_are_beside_its_python_folder(tmp_path: Path, models: str) -> None:
    (tmp_path / "artifacts").mkdir()
    assert artifacts_of(models) == tmp_path / "artifacts"


def test_in_a_flat_bundle_the_weights_are_beside_the_package(tmp_path: Path, models: str) -> None:
    (tmp_path / "python" / "artifacts").mkdir()
    assert artifacts_of(models) == tmp_path / "python" / "artifacts"

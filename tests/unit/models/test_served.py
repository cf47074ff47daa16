import json
from pathlib import Path

from chalicelib.inference.catalogue import Catalogue, artifacts_of
from chalicelib.inference.runner import Runner
from ml_models.temperature import Place


def test_the_catalogue_lists_each_model_with_what_it_does() -> None:
    listed = {spec.id: (spec.name, spec.description) for spec in Catalogue.discover()}
    assert listed[1] == ("sentiment", "Whether an English text is kind, nasty or neither.")
    assert listed[2] == ("temperature", "Outdoor temperature from a place and a time of year.")
    assert listed[3] == ("language", "Which of 176 languages a text is written in.")
    assert listed[4] == ("embedding", "Numbers that are close for English texts of close meaning.")
    assert listed[5] == ("filetype", "What kind of file it is, of over 200, by its content.")


def test_what_needs_onnxruntime_has_a_worker_of_its_own() -> None:
    onnx = [spec.name for spec in Catalogue.discover() if spec.worker == "onnx"]
    assert onnx == ["embedding", "filetype"]


def test_the_weights_are_found_beside_the_models(layer: Path) -> None:
    assert artifacts_of() == layer / "artifacts"


def test_the_runner_serves_a_model_from_its_files(layer: Path) -> None:
    spec = Catalogue.discover().find("temperature")
    place = Place(latitude=40, longitude=120, month=11, hour=4)
    [text] = Runner(layer / "artifacts").predict(spec, [place])
    assert list(json.loads(text)) == ["temperature"]

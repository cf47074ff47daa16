import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, JsonValue

from chalicelib.inference import Model
from chalicelib.inference.alarm import TimedOut
from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.registry import Spec
from chalicelib.inference.runner import OUTPUT_LIMIT, ModelFault, OutputTooLarge, Runner
from tests.unit.inference.conftest import Package, good


class In(BaseModel):
    value: Any


class Out(BaseModel):
    value: JsonValue


class Echo(Model[In, Out]):
    """Answers what it was asked, unchecked; counts how often it was loaded."""

    loads = 0

    def load(self, artifacts: Path) -> None:
        type(self).loads += 1
        if artifacts.name == "missing":
            raise OSError("no weights")

    def predict(self, items: list[In]) -> list[Out]:
        return [Out.model_construct(value=item.value) for item in items]


@pytest.fixture
def spec(package: Package) -> Spec:
    [spec] = Catalogue.discover(package(echo=good()))
    Echo.loads = 0
    return replace(spec, factory=Echo, input_type=In, output_type=Out)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_outputs_are_json_texts_in_the_order_of_the_inputs(runner: Runner, spec: Spec) -> None:
    texts = runner.predict(spec, [In(value="ü"), In(value=[1.5, None])])
    assert [json.loads(text) for text in texts] == [{"value": "ü"}, {"value": [1.5, None]}]


def test_a_model_is_loaded_once(runner: Runner, spec: Spec) -> None:
    for _ in range(3):
        runner.predict(spec, [In(value=1)])
    assert Echo.loads == 1


def test_a_model_that_failed_to_load_is_tried_again(tmp_path: Path, spec: Spec) -> None:
    runner = Runner(tmp_path / "missing")
    for _ in range(2):
        with pytest.raises(OSError, match="no weights"):
            runner.predict(spec, [In(value=1)])
    assert Echo.loads == 2


class Wrong(Echo):
    """Breaks the promise of `predict` as its input says."""

    def predict(self, items: list[In]) -> list[Out]:
        answer: list[Out] = items[0].value  # which a careless author believes
        return answer


@pytest.mark.parametrize(
    "answer",
    [[], [Out(value=1)] * 2, (Out(value=1),), None, ["text"], [In(value=1)], [{"value": 1}]],
)
def test_not_one_output_of_the_right_type_an_input_is_the_models_fault(
    runner: Runner, spec: Spec, answer: object
) -> None:
    with pytest.raises(ModelFault, match=r"^echo\.py:\d+: predict"):
        runner.predict(replace(spec, factory=Wrong), [In.model_construct(value=answer)])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_know_is_the_models_fault(
    runner: Runner, spec: Spec, number: float
) -> None:
    with pytest.raises(ModelFault, match="the output is not JSON"):
        runner.predict(spec, [In(value=number)])


def test_an_output_of_the_limit_is_taken_and_one_byte_more_is_not(
    runner: Runner, spec: Spec
) -> None:
    room = OUTPUT_LIMIT - len('{"value":""}')
    [text] = runner.predict(spec, [In(value="x" * room)])
    assert len(text) == OUTPUT_LIMIT
    with pytest.raises(OutputTooLarge):
        runner.predict(spec, [In(value="x" * (room + 1))])


class Hanging(Echo):
    """Does not answer in time."""

    def predict(self, items: list[In]) -> list[Out]:
        time.sleep(20)
        return super().predict(items)


def test_a_model_that_was_interrupted_is_loaded_anew(runner: Runner, spec: Spec) -> None:
    hanging = replace(spec, factory=Hanging, timeout=0.03)
    Hanging.loads = 0
    for _ in range(2):
        with pytest.raises(TimedOut):
            runner.predict(hanging, [In(value=1)])
    assert Hanging.loads == 2


def test_a_model_that_is_in_time_stays_loaded(runner: Runner, spec: Spec) -> None:
    for _ in range(2):
        runner.predict(replace(spec, timeout=20), [In(value=1)])
    assert Echo.loads == 1

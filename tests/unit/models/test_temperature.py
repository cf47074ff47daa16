import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ml_models.temperature import Place, TemperatureModel

REFERENCE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
EDGES = [
    {"latitude": -90, "longitude": -180, "month": 1, "hour": 0},
    {"latitude": 90, "longitude": 180, "month": 12, "hour": 23},
    {"latitude": 48.8566, "longitude": 2.3522, "month": 7, "hour": 15},
]


def test_the_reference_place_has_the_reference_temperature(temperature: TemperatureModel) -> None:
    [answer] = temperature.predict([Place.model_validate(REFERENCE)])
    assert answer.model_dump() == {"temperature": pytest.approx(8.560720654765046, abs=1e-9, rel=0)}


def test_a_batch_answers_what_each_place_alone_is_answered_in_order(
    temperature: TemperatureModel,
) -> None:
    places = [
        Place(latitude=latitude / 7, longitude=latitude * 1.9, month=latitude % 12 + 1, hour=hour)
        for latitude in range(-90, 91, 5)
        for hour in range(24)
    ]
    alone = [answer for place in places for answer in temperature.predict([place])]
    assert temperature.predict(places) == alone


def test_no_places_have_no_temperatures(temperature: TemperatureModel) -> None:
    assert temperature.predict([]) == []


@pytest.mark.parametrize("fields", [REFERENCE, *EDGES])
def test_a_place_within_the_ranges_is_accepted(fields: dict[str, Any]) -> None:
    assert Place.model_validate_json(json.dumps(fields)) == Place.model_validate(fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", 90.1),
        ("latitude", -91),
        ("longitude", 180.5),
        ("longitude", -181),
        ("month", 0),
        ("month", 13),
        ("month", 11.5),
        ("hour", -1),
        ("hour", 24),
        ("latitude", float("nan")),
        ("longitude", float("inf")),
        ("latitude", 10**400),
        ("latitude", "40"),
        ("month", "11"),
        ("longitude", True),
        ("month", True),
        ("hour", None),
        ("hour", [4]),
    ],
)
def test_a_field_out_of_its_range_or_type_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Place.model_validate(REFERENCE | {field: value})
    assert [error["loc"] for error in refusal.value.errors()] == [(field,)]


@pytest.mark.parametrize("field", list(REFERENCE))
def test_a_field_left_out_is_named(field: str) -> None:
    with pytest.raises(ValidationError, match=rf"(?s){field}.*Field required"):
        Place.model_validate({name: value for name, value in REFERENCE.items() if name != field})


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"(?s)altitude.*not permitted"):
        Place.model_validate(REFERENCE | {"altitude": 35})


def test_the_published_schema_states_the_ranges_and_carries_an_example() -> None:
    latitude = Place.model_json_schema()["properties"]["latitude"]
    assert (latitude["minimum"], latitude["maximum"], latitude["examples"]) == (-90, 90, [40])


def test_the_training_script_reproduces_the_artifact_that_is_shipped(
    layer: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, layer / "training" / "temperature.py", tmp_path / "again.json"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    again = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    shipped = json.loads((layer / "artifacts" / "temperature.json").read_text(encoding="utf-8"))
    for numbers in ("coefficients", "intercept"):  # their last bit depends on the machine's LAPACK
        again[numbers] = pytest.approx(again[numbers], abs=1e-12, rel=0)
    assert shipped == again

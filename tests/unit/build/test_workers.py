"""The merge template as it is filled in for profiles of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.build import BuildError
from infra.build.profiles import Profile
from infra.build.workers import Document, merge_template
from infra.workspace import ROOT
from tests.unit.build.conftest import write

LIGHT = Profile(layers=("model",))
HEAVY = Profile.model_validate(
    {"memory": 3008, "timeout": 100, "layers": ["model", "big"], "bulk": {"batch": 7}}
)


@pytest.fixture
def whole() -> Document:
    """This checkout's template with a light worker and a heavy one."""
    return merge_template(ROOT, {"light": LIGHT, "heavy": HEAVY}, flat=False)


def properties(whole: Document, name: str) -> dict[str, Any]:
    found: dict[str, Any] = whole["Resources"][name]["Properties"]
    return found


def test_each_profile_has_all_that_a_worker_needs(whole: Document) -> None:
    of = {"WorkerFunction", "WorkerLogGroup", "WorkerRole"}
    of |= {"InteractiveQueue", "BulkQueue", "DeadLetterQueue"}

    assert whole["Resources"].keys() >= {f"{p}{each}" for p in ("Light", "Heavy") for each in of}


def test_a_worker_is_as_large_and_as_patient_as_its_profile_says(whole: Document) -> None:
    worker, queue = (properties(whole, f"Heavy{each}") for each in ("WorkerFunction", "BulkQueue"))

    assert (worker["MemorySize"], worker["Timeout"]) == (3008, 100)
    assert worker["Events"]["Bulk"]["Properties"]["BatchSize"] == 7
    assert queue["VisibilityTimeout"] == 601
    assert worker["Environment"]["Variables"]["VISIBILITY_TIMEOUT"] == "601"


def test_a_worker_has_the_models_and_the_layers_of_its_profile(whole: Document) -> None:
    layers = properties(whole, "HeavyWorkerFunction")["Layers"]

    assert layers == [{"Ref": each} for each in ("ModelLayer", "ModelDepsLayer", "BigDepsLayer")]


def test_a_layer_of_two_profiles_is_made_once(whole: Document) -> None:
    kind = "AWS::Serverless::LayerVersion"
    layers = [name for name, each in whole["Resources"].items() if each.get("Type") == kind]

    assert layers == ["ModelLayer", "ModelDepsLayer", "BigDepsLayer"]
    assert properties(whole, "BigDepsLayer")["ContentUri"] == "./big_deps.zip"


def test_a_worker_knows_its_own_queues_and_the_api_all(whole: Document) -> None:
    told = {
        name: json.loads(properties(whole, name)["Environment"]["Variables"]["QUEUES"]["Fn::Sub"])
        for name in ("LightWorkerFunction", "APIHandler")
    }
    light = {"interactive": "${LightInteractiveQueue}", "bulk": "${LightBulkQueue}"}
    heavy = {"interactive": "${HeavyInteractiveQueue}", "bulk": "${HeavyBulkQueue}"}

    assert told == {
        "LightWorkerFunction": {"light": light},
        "APIHandler": {"light": light, "heavy": heavy},
    }


def test_the_api_waits_as_long_as_the_most_patient_worker(whole: Document) -> None:
    variables = properties(whole, "APIHandler")["Environment"]["Variables"]

    assert variables["VISIBILITY_TIMEOUT"] == "601"


def test_workers_share_their_code_unless_it_holds_their_layers() -> None:
    profiles = {"light": LIGHT, "heavy": HEAVY}
    code = {
        flat: [
            properties(merge_template(ROOT, profiles, flat=flat), f"{name}WorkerFunction")[
                "CodeUri"
            ]
            for name in ("Light", "Heavy")
        ]
        for flat in (False, True)
    }

    assert code[False] == ["./worker.zip", "./worker.zip"]
    assert code[True] == ["./light_worker.zip", "./heavy_worker.zip"]


def test_a_profile_whose_resources_would_be_others_is_refused() -> None:
    with pytest.raises(BuildError, match="MailDeadLetterQueue would be twice"):
        merge_template(ROOT, {"mail": LIGHT}, flat=False)


def test_a_place_that_nothing_fills_is_refused_with_those_that_are_filled(tmp_path: Path) -> None:
    write(tmp_path, {"infra/template.yaml": "Resources: {Queue: <quues>}"})

    with pytest.raises(BuildError, match=r"template\.yaml has <quues>.*<queues>, <queue_arns>"):
        merge_template(tmp_path, {"light": LIGHT}, flat=False)


def test_cloudformations_short_tags_become_what_chalice_makes_of_them(tmp_path: Path) -> None:
    text = """
        Resources:
          A: !GetAtt Queue.Arn
          B: !If [Cond, !Ref One, !Sub ["${X}", {X: !Ref Two}]]
          C: !Select {a: !Ref Three}
        Outputs: {}
    """
    write(tmp_path, {"infra/template.yaml": text})
    for name in ("worker", "layer"):
        write(tmp_path, {f"infra/template.{name}.yaml": "{}"})

    assert merge_template(tmp_path, {"light": LIGHT}, flat=False)["Resources"] == {
        "A": {"Fn::GetAtt": ["Queue", "Arn"]},
        "B": {"Fn::If": ["Cond", {"Ref": "One"}, {"Fn::Sub": ["${X}", {"X": {"Ref": "Two"}}]}]},
        "C": {"Fn::Select": {"a": {"Ref": "Three"}}},
    }

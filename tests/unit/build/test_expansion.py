from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.build import BuildError, Target
from infra.build.contents import API, MODEL, WORKER
from infra.build.expansion import expand


def expanded(folder: Path, target: Target, worker: dict[str, Any]) -> dict[str, Any]:
    template = {
        "Resources": {
            "Layer": {
                "Type": "AWS::Serverless::LayerVersion",
                "Properties": {"ContentUri": "./model.zip"},
            },
            "APIHandler": {
                "Type": "AWS::Serverless::Function",
                "Properties": {"CodeUri": "./deployment.zip", "Runtime": "python3.99"},
            },
            "Worker": {"Type": "AWS::Serverless::Function", "Properties": worker},
            "Queue": {"Type": "AWS::SQS::Queue"},
        }
    }
    (folder / "merged.yaml").write_text(yaml.safe_dump(template))
    bundles = (API, WORKER, MODEL)
    expand(folder / "merged.yaml", target, bundles, folder / "template.yaml")
    resources: dict[str, Any] = yaml.safe_load((folder / "template.yaml").read_text())["Resources"]
    return resources


def test_layers_stay_where_they_are_mounted(tmp_path: Path) -> None:
    worker = {"CodeUri": "./worker.zip", "Layers": [{"Ref": "Layer"}]}

    resources = expanded(tmp_path, Target.AWS, worker)

    assert resources["Worker"]["Properties"] == {**worker, "Runtime": "python3.99"}


def test_functions_and_layers_are_for_the_python_that_chalice_packaged(tmp_path: Path) -> None:
    resources = expanded(tmp_path, Target.AWS, {"CodeUri": "./worker.zip", "Runtime": "python3.1"})

    assert resources["Worker"]["Properties"]["Runtime"] == "python3.99"
    assert resources["Layer"]["Properties"]["CompatibleRuntimes"] == ["python3.99"]


def test_layers_go_where_they_are_not_mounted(tmp_path: Path) -> None:
    worker = {"CodeUri": "./worker.zip", "Layers": [{"Ref": "Layer"}]}

    resources = expanded(tmp_path, Target.LOCALSTACK, worker)

    assert "Layers" not in resources["Worker"]["Properties"]
    assert sorted(resources) == ["APIHandler", "Queue", "Worker"]


@pytest.mark.parametrize(("target", "workers"), [(Target.EMBEDDED, 2), (Target.AWS, 40)])
def test_two_workers_share_a_machine_of_their_own(
    tmp_path: Path, target: Target, workers: int
) -> None:
    scaling = {"MaximumConcurrency": 40}
    queue = {"Type": "SQS", "Properties": {"Queue": "queue", "ScalingConfig": scaling}}

    resources = expanded(tmp_path, target, {"CodeUri": "./worker.zip", "Events": {"Q": queue}})

    event = resources["Worker"]["Properties"]["Events"]["Q"]["Properties"]
    assert event["ScalingConfig"] == {"MaximumConcurrency": workers}


def test_code_that_no_build_makes_is_refused_with_the_resources_name(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"CodeUri of Worker is '\./wroker\.zip'"):
        expanded(tmp_path, Target.AWS, {"CodeUri": "./wroker.zip"})

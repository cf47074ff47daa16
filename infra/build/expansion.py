"""The expanded template: what Chalice merged, fitted to a target and checked against our zips."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from infra.build.contents import MERGE_TEMPLATE, WORKER_TEMPLATE, Bundle
from infra.build.errors import BuildError
from infra.build.targets import Target

_FUNCTION = "AWS::Serverless::Function"
_LAYER = "AWS::Serverless::LayerVersion"
SIDE_BY_SIDE_LOCALLY = 2
_PLACES_OF_CODE = {_FUNCTION: "CodeUri", _LAYER: "ContentUri"}


def expand(merged: Path, target: Target, bundles: Collection[Bundle], destination: Path) -> None:
    """Write the template that is linted, tested and deployed, whole or not at all."""
    template = yaml.safe_load(merged.read_text())
    resources = template["Resources"]
    if target.flat:
        template["Resources"] = resources = without_layers(resources)
    _set_runtime(resources)
    if target is not Target.AWS:
        _share_one_machine(resources)
    _check_code(resources, bundles)
    partial = destination.with_suffix(".partial")
    partial.write_text(yaml.safe_dump(template, allow_unicode=True))
    partial.replace(destination)


def without_layers(resources: dict[str, Any]) -> dict[str, Any]:
    """The same resources for an emulator that mounts no layers."""
    kept = {name: body for name, body in resources.items() if body["Type"] != _LAYER}
    for body in kept.values():
        if body["Type"] == _FUNCTION:
            body["Properties"].pop("Layers", None)
    return kept


def _set_runtime(resources: dict[str, Any]) -> None:
    """Everything runs on the Python that Chalice wrote for the API: the one that builds."""
    runtime = resources["APIHandler"]["Properties"]["Runtime"]
    for body in resources.values():
        if body["Type"] == _FUNCTION:
            body["Properties"]["Runtime"] = runtime
        elif body["Type"] == _LAYER:
            body["Properties"]["CompatibleRuntimes"] = [runtime]


def _share_one_machine(resources: dict[str, Any]) -> None:
    """Two for each queue, the fewest that AWS takes: they keep two cores busy.

    More cost 40 MB each, or far more, and drain no queue faster. The queues of one
    function share its processes, so what is idle costs nothing.
    """
    for body in resources.values():
        events = body["Properties"].get("Events", {}) if body["Type"] == _FUNCTION else {}
        for event in events.values():
            if event["Type"] == "SQS":
                event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": SIDE_BY_SIDE_LOCALLY}


def _check_code(resources: dict[str, Any], bundles: Collection[Bundle]) -> None:
    known = {f"./{bundle.archive}" for bundle in bundles}
    for name, key, place in _code_of(resources):
        if place not in known:
            raise BuildError(
                f"{key} of {name} is {place!r}, which no build makes. In {MERGE_TEMPLATE} or "
                f"{WORKER_TEMPLATE}, name one of {', '.join(sorted(known))}."
            )


def _code_of(resources: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, body in resources.items():
        if key := _PLACES_OF_CODE.get(body["Type"]):
            yield name, key, body["Properties"].get(key)

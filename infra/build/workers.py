"""The merge template, with a worker for each profile."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.build.contents import LAYER_TEMPLATE, MERGE_TEMPLATE, WORKER_TEMPLATE, libraries, worker
from infra.build.errors import BuildError
from infra.build.profiles import PROFILES, Profile, Profiles

PLACE = re.compile(r"<(\w+)>")
KINDS = ("interactive", "bulk")

Document = dict[str, Any]


def merge_template(root: Path, profiles: Profiles, *, flat: bool) -> Document:
    """What is merged over Chalice's output: our template, the workers, and the layers they name."""
    whole = _filled(root / MERGE_TEMPLATE, _of_all(profiles))
    for part in _parts(root, profiles, flat=flat):
        for section, entries in part.items():
            _require_new(whole[section].keys() & entries.keys())
            whole[section] |= entries
    return whole


def _parts(root: Path, profiles: Profiles, *, flat: bool) -> Iterator[Document]:
    for name, profile in profiles.items():
        code = worker(name, profile, flat=flat).archive
        yield _filled(root / WORKER_TEMPLATE, {"code": code, **_of_worker(name, profile)})
    for layer in dict.fromkeys(each for profile in profiles.values() for each in profile.layers):
        archive = libraries(layer).archive
        values = {"layer": layer, "Layer": layer.title(), "archive": archive}
        yield _filled(root / LAYER_TEMPLATE, values)


def _of_all(profiles: Profiles) -> Mapping[str, object]:
    """What the API has to know of the workers."""
    names = {profile: {kind: _queue(profile, kind) for kind in KINDS} for profile in profiles}
    addresses = {
        profile: {kind: f"${{{name}}}" for kind, name in queues.items()}
        for profile, queues in names.items()
    }
    arns = {kind: [_arn(_queue(profile, kind)) for profile in profiles] for kind in KINDS}
    longest = max(profile.visibility for profile in profiles.values())
    return {
        "queues": json.dumps(addresses),
        "queue_arns": [arn for profile in zip(*arns.values(), strict=True) for arn in profile],
        "interactive_arns": arns["interactive"],
        "dead_letter_arns": [_arn(_queue(profile, "dead-letter")) for profile in profiles],
        "longest_visibility": longest,
    }


def _of_worker(name: str, profile: Profile) -> Mapping[str, object]:
    layers = ["ModelLayer", *(f"{layer.title()}DepsLayer" for layer in profile.layers)]
    sources = {"interactive": profile.interactive, "bulk": profile.bulk}
    return {
        "profile": name,
        "Profile": name.title(),
        "memory": profile.memory,
        "timeout": profile.timeout,
        "visibility": profile.visibility,
        "layers": [{"Ref": layer} for layer in layers],
        **{f"{kind}_{key}": value for kind, source in sources.items() for key, value in source},
    }


def _queue(profile: str, kind: str) -> str:
    """The resource's name, as infra/template.worker.yaml has it."""
    return f"{profile.title()}{kind.title().replace('-', '')}Queue"


def _arn(resource: str) -> Document:
    return {"Fn::GetAtt": [resource, "Arn"]}


def _filled(template: Path, values: Mapping[str, object]) -> Document:
    """A template with a value in each place; JSON is YAML."""

    def value(place: re.Match[str]) -> str:
        if place[1] not in values:
            known = ", ".join(f"<{name}>" for name in values)
            raise BuildError(
                f"{template.name} has {place[0]}, which is not filled in; {known} are."
            )
        found = values[place[1]]
        return found if isinstance(found, str) else json.dumps(found)

    text = PLACE.sub(value, template.read_text("utf-8"))
    document: Document = yaml.load(text, _Loader)  # a SafeLoader  # nosec B506
    return document


def _require_new(taken: set[str]) -> None:
    if taken:
        raise BuildError(
            f"{', '.join(sorted(taken))} would be twice in the template. Give the profile of "
            f"{PROFILES} another name."
        )


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags in their long form, as Chalice does."""


def _intrinsic(loader: _Loader, name: str, node: yaml.Node) -> Document:
    key = name if name in ("Ref", "Condition") else f"Fn::{name}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {key: str(text).split(".", 1) if name == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)  # there is no fourth
    return {key: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)

"""A template as CloudFormation sees it, and how to look into a piece of one."""

import copy
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from samtranslator.translator.transform import transform

from infra.build import Built
from infra.deploy import artefacts

Resource = dict[str, Any]
Resources = dict[str, Resource]


class Translated(SimpleNamespace):
    """The template after the SAM transform."""

    resources: Resources
    outputs: dict[str, Any]
    document: dict[str, Any]

    def of_type(self, kind: str) -> Resources:
        """The resources of one type, by name."""
        return {name: each for name, each in self.resources.items() if each["Type"] == kind}

    def copy(self) -> "Translated":
        """Another one, to be changed."""
        return translated_from(copy.deepcopy(self.document))


def translate(built: Built) -> Translated:
    """What CloudFormation makes of a built template."""
    sent = json.loads(artefacts.read(built.template).body("bucket", "fingerprint"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return translated_from(transform(sent, {}, SimpleNamespace(load=dict)))


def translated_from(document: dict[str, Any]) -> Translated:
    """One that was transformed already."""
    return Translated(
        document=document, resources=document["Resources"], outputs=document["Outputs"]
    )


def strings(value: Any) -> Iterator[str]:
    """Every string in a piece of a template."""
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, str):
        yield value
    elif hasattr(value, "__iter__"):
        for each in value:
            yield from strings(each)


def statements(role: Resource) -> list[dict[str, Any]]:
    return [
        statement
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def named_in(value: Any) -> set[str]:
    """The resources that a piece of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(named_in, value))
    if not isinstance(value, dict):
        return set()
    if "Fn::GetAtt" in value:
        return {value["Fn::GetAtt"][0]}
    if "Fn::Sub" in value:
        return set(re.findall(r"\$\{(\w+)", value["Fn::Sub"])) - {"AWS"}
    return {value["Ref"]} if "Ref" in value else named_in(list(value.values()))

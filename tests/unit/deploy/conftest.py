"""A built template in miniature, and a cloud in memory to deploy it to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from infra.deploy import Event, deploy
from tests.unit.deploy.fakes import FakeCloud

Deploy = Callable[..., dict[str, str]]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template with one function, whose zip lies beside it."""
    (tmp_path / "worker.zip").write_bytes(b"first")
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"CodeUri": "./worker.zip", "Handler": "h"},
    }
    path = tmp_path / "template.yaml"
    document = {
        "Resources": {"Worker": function},
        "Outputs": {"ApiUrl": {"Value": "http://localhost"}},
    }
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.fixture
def cloud() -> FakeCloud:
    """AWS, with nothing in it."""
    return FakeCloud()


@pytest.fixture
def told() -> list[Event]:
    """What was reported."""
    return []


@pytest.fixture
def run(cloud: FakeCloud, template: Path, told: list[Event]) -> Deploy:
    """Deploy the template as stack `lambent`."""

    def deploy_it(**more: object) -> dict[str, str]:
        wanted = {"parameters": {"Environment": "test"}, "report": told.append, **more}
        return deploy(cloud, template, stack="lambent", **wanted)  # type: ignore[arg-type]

    return deploy_it

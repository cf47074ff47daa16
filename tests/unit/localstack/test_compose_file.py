"""docker-compose.localstack.yml starts what the code expects, and nothing that others can reach."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra.emulator.front_door import HOME
from infra.localstack.compose import FILE
from infra.localstack.pinned import IMAGE, SERVICES
from infra.workspace import ROOT
from tests.integration.cloud import TEMPLATE

NGINX = (ROOT / "infra/localstack/nginx.conf").read_text
IN_LOCALSTACK = {"serverless": ("apigateway", "lambda")}
"""What SAM's own types become."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / FILE).read_text())
    return found


@pytest.fixture(scope="module")
def localstack(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]["localstack"]
    return found


def test_the_release_is_the_one_that_an_endpoint_has_to_be(localstack: dict[str, Any]) -> None:
    assert localstack["image"] == IMAGE


def test_the_services_are_those_that_an_endpoint_has_to_serve(localstack: dict[str, Any]) -> None:
    assert tuple(localstack["environment"]["SERVICES"].split(",")) == SERVICES


def test_every_resource_of_the_template_is_of_a_service_in_the_list() -> None:
    parts = (part.read_text() for part in TEMPLATE.parent.glob("template*.yaml"))
    kinds = set(re.findall(r"Type: AWS::(\w+)::", "".join(parts)))
    used = {name for kind in kinds for name in IN_LOCALSTACK.get(kind.lower(), (kind.lower(),))}

    assert used <= set(SERVICES)


def test_every_image_is_pinned(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]

    assert all(re.fullmatch(r"[a-z/]+:\d+\.\d+\.\d+[a-z-]*", image) for image in images), images


def test_every_port_is_bound_to_this_machine_alone(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service["ports"]]

    assert ports == ["127.0.0.1:${EMULATOR_PORT:-4566}:4566", "127.0.0.1:${PORT:-8000}:8000"]


def test_functions_are_started_on_the_network_that_localstack_is_on(
    compose: dict[str, Any], localstack: dict[str, Any]
) -> None:
    network = compose["networks"]["local"]["name"]

    assert localstack["environment"]["LAMBDA_DOCKER_NETWORK"] == network
    assert localstack["networks"] == compose["services"]["front-door"]["networks"] == ["local"]
    assert "${DOCKER_SOCK:-/var/run/docker.sock}:/var/run/docker.sock" in localstack["volumes"]


def test_both_wait_for_what_they_need(compose: dict[str, Any], localstack: dict[str, Any]) -> None:
    door = compose["services"]["front-door"]

    assert "/_localstack/init/ready" in localstack["healthcheck"]["test"][1]
    assert door["depends_on"]["localstack"]["condition"] == "service_healthy"


def test_every_variable_has_a_default_so_that_it_starts_by_hand_too() -> None:
    assert list(undefaulted((ROOT / FILE).read_text())) == []


def undefaulted(text: str) -> Iterator[str]:
    """The names of variables without a `:-`."""
    for name in re.findall(r"(?<!\$)\$\{([^}]*)\}", text):
        if ":-" not in name:
            yield name


def test_the_front_door_leads_to_the_same_page_as_the_embedded_one() -> None:
    assert set(re.findall(r"return 302 (\S+);", NGINX())) == {HOME}


def test_the_image_fills_in_the_apis_id_and_nothing_else(compose: dict[str, Any]) -> None:
    door = compose["services"]["front-door"]

    assert set(re.findall(r"\$\{(\w+)\}", NGINX())) == {"REST_API_ID"}
    assert door["environment"]["NGINX_ENVSUBST_FILTER"] == "^REST_API_ID$$"
    assert door["volumes"] == [
        "./infra/localstack/nginx.conf:/etc/nginx/templates/default.conf.template:ro"
    ]

"""What is deployed answers as its document says: over HTTP, on real tables, to real callers."""

import json
import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.specs.openapi.checks import unsupported_method

from chalicelib.adapters import aws
from chalicelib.adapters.results import ResultTable
from chalicelib.api import wiring
from infra.cli.openapi import FILE
from infra.local.deployment import use_emulator
from infra.workspace import ROOT
from tests.document import Caller, prepare
from tests.e2e.conftest import Lambent
from tests.ground import Ground

EXAMPLES = 5
"""An operation; beside them come the corners of its schema, each once: 2,900 requests in all."""
FLOOD = 100
"""Inputs of a batch that fits; ten of the longest would keep the workers busy for a minute."""

schema = schemathesis.openapi.from_path(ROOT / FILE)
prepare(schema)


def the_gateway_knows_no_such_method(context: Any, response: Any, case: Any) -> None:
    """In place of `unsupported_method`, which wants a 405.

    A request for a method that no operation has never reaches the API: API Gateway answers that
    itself, and has one answer for it and for an unknown path. The contract makes it a 404.
    """
    if coverage_scenario(case) is CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        assert response.status_code == 404


@pytest.fixture(scope="module")
def ground(lambent: Lambent) -> Iterator[Ground]:
    """The tables and queues that are deployed, by the adapters of the API and the worker."""
    deployed = lambent.deployed
    with patch.dict(os.environ):
        use_emulator(lambent.workspace)
        aws.session.cache_clear()
        yield Ground(wiring.ports(deployed), ResultTable(aws.client("dynamodb", 2), deployed))
    aws.session.cache_clear()


@pytest.fixture(scope="module")
def caller(ground: Ground) -> Caller:
    return Caller(ground, wiring.catalogue())


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_the_document_that_is_served_is_the_committed_one(lambent: Lambent) -> None:
    url = lambent.workspace.public_url

    served = httpx.get(f"{url}/openapi.json").json()

    assert served == json.loads((ROOT / FILE).read_text("utf-8")) | {"servers": [{"url": url}]}


@schema.parametrize()
@settings(max_examples=EXAMPLES)
def test_an_operation_answers_as_the_document_says(
    case: Any, lambent: Lambent, caller: Caller, http: requests.Session
) -> None:
    if is_flood(case):
        return
    caller.ask(
        case,
        excluded=[unsupported_method],
        additional_checks=[the_gateway_knows_no_such_method],
        base_url=lambent.workspace.public_url,
        session=http,
    )


def is_flood(case: Any) -> bool:
    """Whether it would be accepted, and take long; one input too many is a case like any other."""
    inputs = case.body.get("inputs") if isinstance(case.body, dict) else None
    return case.meta.generation.mode.is_positive and len(inputs or ()) > FLOOD

"""What a function asks of its tables is what the template lets it ask."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from chalicelib.domain.predictions import Job
from tests.integration.client import Client
from tests.integration.cloud import TEMPLATE, Cloud
from tests.integration.sweeper import Sweeper, all_kinds, late, lost
from tests.integration.undertaker import Undertaker, given_up
from tests.samples import PLACE

SUBMIT = "/v1/models/temperature/predictions"
TRANSACTIONAL = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""What an operation of a transaction needs the permission of."""
Ask = tuple[str, str]
"""An operation, and the table or index that it is about."""


class Loader(yaml.SafeLoader):
    """Reads a function of CloudFormation as the text of its argument."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: str(node.value))


def granted(role: str) -> set[Ask]:
    """All that a role allows."""
    resources = yaml.load(TEMPLATE.read_text("utf-8"), Loader)["Resources"]
    [policy] = resources[role]["Properties"]["Policies"]
    return {
        (action, resource.replace("${", "").replace("}", "").replace(".Arn", ""))
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _several(statement["Action"])
        for resource in _several(statement["Resource"])
    }


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def asked(cloud: Cloud) -> Iterator[Ask]:
    """All that was asked of DynamoDB."""
    for operation, body in zip(cloud.wire.calls, cloud.wire.bodies, strict=True):
        for name, about in _parts(operation, body):
            yield f"dynamodb:{name}", about


def _parts(operation: str, body: Any) -> Iterator[Ask]:
    if operation == "TransactWriteItems":
        for each in body["TransactItems"]:
            [(kind, inner)] = each.items()
            yield TRANSACTIONAL[kind], _table(inner["TableName"])
    elif "RequestItems" in body:
        for table in body["RequestItems"]:
            yield operation, _table(table)
    elif "TableName" in body:
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield operation, _table(body["TableName"]) + index


def _table(name: str) -> str:
    return f"{name.capitalize()}Table"


@pytest.fixture
def used(cloud: Cloud, client: Client) -> set[Ask]:
    """By somebody who submits, reads, lists, cancels, retries and erases, one and many."""
    headers = {"Idempotency-Key": "k", "Prefer": "wait=1"}
    one = client.post(SUBMIT, {"input": PLACE}, headers).json["id"]
    many = client.post(f"{SUBMIT}/batch", {"inputs": [PLACE]}, headers).json["batch_id"]
    for path in (f"/v1/predictions/{one}", "/v1/predictions", f"/v1/batches/{many}", "/v1/models"):
        assert client.get(path).status == 200
    for act in ("cancel", "retry"):
        assert client.post(f"/v1/predictions/{one}/{act}", {}).status in (200, 202)
    assert client.delete(f"/v1/predictions/{one}").status == 204
    return set(asked(cloud))


def test_the_role_of_the_api_allows_what_it_does(used: set[Ask]) -> None:
    assert used - granted("ApiRole") == set()


def test_what_it_does_is_seen(used: set[Ask]) -> None:
    assert used >= {
        ("dynamodb:BatchWriteItem", "PredictionsTable"),
        ("dynamodb:GetItem", "PredictionsTable"),
        ("dynamodb:Query", "PredictionsTable/index/by_batch"),
        ("dynamodb:Query", "PredictionsTable/index/by_owner"),
        ("dynamodb:UpdateItem", "UsageTable"),
    }


def test_the_role_of_the_undertaker_allows_what_it_does(
    cloud: Cloud, undertaker: Undertaker
) -> None:
    jobs = [Job.of(late(cloud)), Job.of(lost(cloud, charged=False))]
    cloud.wire.forget()
    undertaker.bury(*map(given_up, jobs), given_up("no job"))
    done = set(asked(cloud))
    assert done - granted("UndertakerRole") == set()
    assert done == {
        ("dynamodb:GetItem", "PredictionsTable"),
        ("dynamodb:PutItem", "CatalogueTable"),
        ("dynamodb:UpdateItem", "PredictionsTable"),
        ("dynamodb:UpdateItem", "UsageTable"),
    }


def test_the_role_of_the_sweeper_allows_what_it_does(cloud: Cloud, sweeper: Sweeper) -> None:
    all_kinds(cloud)
    cloud.wire.forget()
    sweeper.sweep()
    swept = set(asked(cloud))
    assert swept - granted("SweeperRole") == set()
    assert swept == {
        ("dynamodb:Query", "PredictionsTable/index/by_batch"),
        ("dynamodb:Query", "PredictionsTable/index/due"),
        ("dynamodb:UpdateItem", "PredictionsTable"),
        ("dynamodb:UpdateItem", "UsageTable"),
    }

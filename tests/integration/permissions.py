"""What a role of the template allows, and what was asked of AWS."""

from collections.abc import Iterator
from typing import Any

import yaml

from tests.integration.cloud import TEMPLATE, Cloud

TRANSACTIONAL = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""What an operation of a transaction needs the permission of."""
QUEUES = {"mail": "MailQueue", "erasures": "ErasureQueue"}
"""The names in the template of those that are no worker's."""
OF_A_WORKER = TEMPLATE.with_name("template.worker.yaml")
FILLED_IN = {
    "<queue_arns>": ("interactive", "bulk"),
    "<interactive_arns>": ("interactive",),
    "<dead_letter_arns>": ("dead-letters",),
    "<Profile>InteractiveQueue": ("interactive",),
    "<Profile>BulkQueue": ("bulk",),
}
"""What is there for each profile."""
FIGURES = ("dynamodb:UpdateItem", "CatalogueTable")
"""A worker notes them now and then: whether it did depends on what ran before."""
READING = {
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
}
"""What the event source of a queue needs."""
Ask = tuple[str, str]
"""An operation, and what it is about: a table, an index, a queue or the secret."""


class Loader(yaml.SafeLoader):
    """Reads a function of CloudFormation as the text of its argument."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: str(node.value))


def granted(role: str) -> set[Ask]:
    """All that a role allows its function: not what Lambda needs to log, and to read a queue."""
    everything = _granted(role)
    read = {about for action, about in everything if action == "sqs:ReceiveMessage"}
    return {
        (action, about)
        for action, about in everything
        if not action.startswith("logs:") and not (action in READING and about in read)
    }


def _granted(role: str) -> set[Ask]:
    texts = (TEMPLATE.read_text("utf-8"), OF_A_WORKER.read_text("utf-8"))
    resources = {name: each for text in texts for name, each in _resources(text).items()}
    [policy] = resources[role]["Properties"]["Policies"]
    return {
        (action, resource)
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _several(statement["Action"])
        for named in map(_name, _several(statement["Resource"]))
        for resource in FILLED_IN.get(named, (named,))
    }


def _resources(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(text, Loader)["Resources"]
    return found


def _name(resource: str) -> str:
    return resource.replace("${", "").replace("}", "").replace(".Arn", "")


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def asked(cloud: Cloud) -> set[Ask]:
    """All that was asked of AWS, but for the figures: those are noted now and then."""
    pairs = zip(cloud.wire.calls, cloud.wire.bodies, strict=True)
    return {ask for operation, body in pairs for ask in _parts(operation, body)}


def _parts(operation: str, body: Any) -> Iterator[Ask]:
    if operation == "TransactWriteItems":
        for each in body["TransactItems"]:
            [(kind, inner)] = each.items()
            yield f"dynamodb:{TRANSACTIONAL[kind]}", _table(inner["TableName"])
    elif "RequestItems" in body:
        for table in body["RequestItems"]:
            yield f"dynamodb:{operation}", _table(table)
    elif "TableName" in body:
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield f"dynamodb:{operation}", _table(body["TableName"]) + index
    elif "QueueUrl" in body:
        queue = body["QueueUrl"].rpartition("/")[2]
        yield f"sqs:{operation.removesuffix('Batch')}", QUEUES.get(queue, queue)
    elif "Statements" in body:
        for each in body["Statements"]:
            yield "dynamodb:PartiQLUpdate", _table(each["Statement"].split('"')[1])
    elif body.get("Action") == "SendEmail":
        for kind in ("identity", "configuration-set"):
            yield "ses:SendEmail", f"arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:{kind}/*"
    elif "SecretId" in body:
        yield f"secretsmanager:{operation}", "SigningSecret"


def _table(name: str) -> str:
    return f"{name.capitalize()}Table"

"""The steps of `up`; each looks first and does only what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.deploy import Cloud, Event, complete, deploy
from infra.emulator.errors import RunsElsewhere
from infra.emulator.ports import require_free
from infra.emulator.process import Emulator
from infra.local.deployment import STACK, core
from infra.local.errors import QueuesElsewhere
from infra.local.parameters import LOCALLY
from infra.local.seed import Seeded, seed
from infra.local.signing import Signing
from infra.workspace import Workspace

if TYPE_CHECKING:
    from infra.build import Built
    from infra.local.credentials import CredentialsFile

STACK_KIND = "AWS::CloudFormation::Stack"
KINDS = {
    "AWS::DynamoDB::Table": "tables",
    "AWS::SQS::Queue": "queues",
    "AWS::Lambda::Function": "functions",
}


def require_ports(workspace: Workspace, emulator: Emulator) -> None:
    """Raise before anything is done unless both ports are free, or this emulator's own."""
    status = emulator.status()
    if status is None:
        require_free(workspace.emulator_port, "EMULATOR_PORT")
        require_free(workspace.port, "PORT")
    elif (status.port, status.emulator_port) != (workspace.port, workspace.emulator_port):
        raise RunsElsewhere(status.port, status.emulator_port)


def start(emulator: Emulator, report: Callable[[str], None]) -> bool:
    """Install and start the emulator; False if it ran already."""
    emulator.install(report)
    started = emulator.start()
    emulator.wait_ready()
    return started


def bring_stack(
    workspace: Workspace,
    cloud: Cloud,
    built: "Built",
    report: Callable[[str], None],
    settings: Mapping[str, str] = LOCALLY,
) -> tuple[dict[str, str], int]:
    """Deploy what changed; the stack's outputs, and how many resources were touched."""
    touched: set[str] = set()

    def notice(event: Event) -> None:
        if event.kind != STACK_KIND and not event.is_step:
            touched.add(event.resource)
            report(f"{event.resource} {event.status.lower().replace('_', ' ')}")

    parameters = {"PublicUrl": workspace.public_url, "Environment": "local", **settings}
    outputs = deploy(
        cloud, built.template, stack=workspace.stack, parameters=parameters, report=notice
    )
    return outputs, len(touched)


def open_door(
    workspace: Workspace, cloud: Cloud, built: "Built", stack: Mapping[str, str]
) -> list[str]:
    """Add what the emulator left out of the template, then lead the front door to the API."""
    added = complete(cloud, built.template, stack=workspace.stack)
    _require_same_port(workspace, cloud, stack)
    Emulator(workspace).route_to(stack["RestApiId"])
    return added


def _require_same_port(workspace: Workspace, cloud: Cloud, stack: Mapping[str, str]) -> None:
    """QueuesElsewhere if the queues were made on another port: no worker would find them."""
    name = stack["MailQueueUrl"].rpartition("/")[2]  # they are all of one port
    found = cloud.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    # The emulator repeats our own address in those that it knows as its own.
    if urlsplit(found).netloc != urlsplit(workspace.endpoint).netloc:
        raise QueuesElsewhere(urlsplit(found).port, workspace.emulator_port)


def sow(
    workspace: Workspace, cloud: Cloud, stack: Mapping[str, str], file: "CredentialsFile"
) -> Seeded:
    """Seed what is missing, the signing key that will be the next one among it."""
    application = core(workspace, cloud, stack)
    seeded = seed(application.services, application.reader, file)
    is_new = Signing.of(cloud, stack).prepare()
    return replace(seeded, keys=("the next signing key",) if is_new else ())


def count_kinds(cloud: Cloud, stack: str = STACK) -> dict[str, int]:
    """How many tables, queues and functions the stack has."""
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources")
    kinds = [
        KINDS[resource["ResourceType"]]
        for page in pages.paginate(StackName=stack)
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] in KINDS
    ]
    return {kind: kinds.count(kind) for kind in KINDS.values()}

"""What an emulator's CloudFormation leaves out of a template, done by the services' own calls.

Each part looks first, so that a complete stack is only read.
"""

from pathlib import Path

from infra.deploy import artefacts
from infra.deploy.cloud import Cloud
from infra.deploy.functions import environment
from infra.deploy.gateway import complete_gateway_responses
from infra.deploy.mail import complete_sender
from infra.deploy.tables import complete_tables


def complete(cloud: Cloud, template: Path, *, stack: str) -> list[str]:
    """Add what the deployed stack lacks of its template; what that was."""
    document = artefacts.read_document(template)
    names = _physical_names(cloud, stack)
    added = complete_tables(cloud.client("dynamodb"), document, names)
    added += complete_gateway_responses(cloud.client("apigateway"), document, names["RestAPI"])
    mailer = environment(cloud, names["MailerFunction"])
    return added + complete_sender(cloud.client("ses"), mailer.get("MAIL_SENDER", ""))


def _physical_names(cloud: Cloud, stack: str) -> dict[str, str]:
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources")
    return {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
        for page in pages.paginate(StackName=stack)
        for resource in page["StackResourceSummaries"]
    }

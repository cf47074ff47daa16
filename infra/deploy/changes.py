"""A change set: what a deployment would do, before it does it."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.errors import DeployError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
BODY_LIMIT = 51_200  # bytes that CloudFormation takes in the request itself
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class Change:
    """One resource that would be added, modified or removed."""

    action: str
    resource: str
    kind: str
    replaces: bool


@dataclass(frozen=True)
class Request:
    """What CloudFormation is asked to make of the stack."""

    stack: str
    template: Mapping[str, str]  # TemplateBody or TemplateURL
    parameters: Mapping[str, str]
    tags: Mapping[str, str]

    def arguments(self) -> dict[str, Any]:
        """The same for CreateChangeSet and UpdateStack."""
        return {
            "StackName": self.stack,
            **self.template,
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in self.parameters.items()
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "Capabilities": CAPABILITIES,
        }


@dataclass(frozen=True)
class ChangeSet:
    """One that is ready to be executed."""

    identifier: str
    stack_id: str
    changes: tuple[Change, ...]


def propose(cloudformation: Any, request: Request, kind: str) -> ChangeSet | None:
    """The change set of the request; None when no resource would change."""
    try:
        made = cloudformation.create_change_set(
            ChangeSetName=f"deploy-{secrets.token_hex(6)}",
            ChangeSetType=kind,
            **request.arguments(),
        )
    except ClientError as error:
        raise _refused(request.stack, error.response["Error"]["Message"]) from error
    found = _finished(cloudformation, made["Id"])
    if found["Status"] != "FAILED":
        return ChangeSet(made["Id"], made["StackId"], tuple(map(_change, found["Changes"])))
    cloudformation.delete_change_set(ChangeSetName=made["Id"])
    if any(words in found.get("StatusReason", "") for words in _NOTHING):
        return None
    raise _refused(request.stack, found.get("StatusReason", "no reason given"))


def update_outputs(cloudformation: Any, request: Request) -> str | None:
    """Update a stack of which no resource changes but perhaps an output; its id if one did.

    The embedded emulator's change sets compare resources only.
    """
    try:
        updated = cloudformation.update_stack(**request.arguments())
    except ClientError as error:
        if any(words in error.response["Error"]["Message"] for words in _NOTHING):
            return None
        raise
    return str(updated["StackId"])


def _finished(cloudformation: Any, identifier: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = cloudformation.describe_change_set(ChangeSetName=identifier)
        if found["Status"] not in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
            return found
        time.sleep(0.3)


def _change(item: Mapping[str, Any]) -> Change:
    change = item["ResourceChange"]
    return Change(
        action=change["Action"],
        resource=change["LogicalResourceId"],
        kind=change["ResourceType"],
        replaces=change.get("Replacement") == "True",
    )


def _refused(stack: str, reason: str) -> DeployError:
    return DeployError(
        f"CloudFormation refused the template of stack {stack}.",
        f"It says: {reason}",
        "Nothing was changed. Correct the template or the parameters, build and deploy again.",
    )

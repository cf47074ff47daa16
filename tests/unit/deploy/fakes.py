"""A CloudFormation and an S3 in memory: as much of them as a deployment uses."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import Cloud

STACK = "AWS::CloudFormation::Stack"


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class FakeCloudFormation:
    """Does at once what it is asked for, or fails the resources in `failing`."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.failing: dict[str, str] = {}
        self.calls: list[str] = []
        self.sees_outputs = True
        self._sets: dict[str, dict[str, Any]] = {}

    def has(self, name: str, status: str, **outputs: str) -> str:
        """Put a stack there, as an earlier deployment left it."""
        identifier = f"arn:stack/{name}/{len(self.events)}"
        self.stacks[name] = {
            "StackName": name,
            "StackId": identifier,
            "StackStatus": status,
            "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()],
        }
        return identifier

    def happens(self, name: str, resource: str, status: str, reason: str = "") -> None:
        """Tell an event of a stack."""
        stack_id = self.stacks[name]["StackId"]
        is_stack = resource == name
        event = {
            "EventId": str(len(self.events)),
            "StackId": stack_id,
            "LogicalResourceId": resource,
            "PhysicalResourceId": stack_id if is_stack else f"{resource}-1",
            "ResourceType": STACK if is_stack else "AWS::SQS::Queue",
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        }
        self.events.insert(0, event)
        if is_stack:
            self.stacks[name]["StackStatus"] = status

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        return {"Stacks": [self._stack(StackName)]}

    def create_change_set(self, **request: Any) -> dict[str, str]:
        name, identifier = request["StackName"], f"set-{len(self._sets)}"
        self.calls.append(f"propose {request['ChangeSetType']}")
        if request["ChangeSetType"] == "CREATE":
            self.has(name, "REVIEW_IN_PROGRESS")
        self._sets[identifier] = request
        return {"Id": identifier, "StackId": self._stack(name)["StackId"]}

    def describe_change_set(self, ChangeSetName: str) -> dict[str, Any]:
        request = self._sets[ChangeSetName]
        if request["ChangeSetType"] == "UPDATE" and not self.sees_outputs:
            reason = "The submitted information didn't contain changes."
            return {"Status": "FAILED", "StatusReason": reason}
        change = {"Action": "Add", "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue"}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": change}]}

    def delete_change_set(self, ChangeSetName: str) -> None:
        self.calls.append("discard")

    def execute_change_set(self, ChangeSetName: str) -> None:
        self._make(self._sets[ChangeSetName])

    def update_stack(self, **request: Any) -> dict[str, str]:
        self.calls.append("update")
        self._make(request)
        return {"StackId": self._stack(request["StackName"])["StackId"]}

    def delete_stack(self, StackName: str) -> None:
        self.calls.append("delete")
        name = self._stack(StackName)["StackName"]
        self.happens(name, "Table", "DELETE_SKIPPED")
        self.happens(name, name, "DELETE_COMPLETE")
        del self.stacks[name]

    def get_paginator(self, operation: str) -> SimpleNamespace:
        assert operation == "describe_stack_events"
        return SimpleNamespace(paginate=self._pages)

    def _pages(self, StackName: str) -> Iterator[dict[str, Any]]:
        ids = {StackName, *(s["StackId"] for n, s in self.stacks.items() if n == StackName)}
        yield {"StackEvents": [event for event in self.events if event["StackId"] in ids]}

    def _make(self, request: dict[str, Any]) -> None:
        name = request["StackName"]
        outputs = json.loads(request["TemplateBody"])["Outputs"]
        doing = "CREATE" if request.get("ChangeSetType") == "CREATE" else "UPDATE"
        self.happens(name, name, f"{doing}_IN_PROGRESS")
        for resource, reason in self.failing.items():
            self.happens(name, resource, f"{doing}_FAILED", reason)
        if self.failing:
            self.happens(name, name, "ROLLBACK_COMPLETE")
            return
        self._stack(name)["Outputs"] = [
            {"OutputKey": key, "OutputValue": each["Value"]} for key, each in outputs.items()
        ]
        self.happens(name, name, f"{doing}_COMPLETE")

    def _stack(self, name_or_id: str) -> dict[str, Any]:
        for name, stack in self.stacks.items():
            if name_or_id in (name, stack["StackId"]):
                return stack
        raise refusal("ValidationError", f"Stack with id {name_or_id} does not exist")


class FakeS3:
    """Buckets of objects."""

    meta = SimpleNamespace(region_name="us-east-1", endpoint_url="http://s3")

    def __init__(self) -> None:
        self.buckets: dict[str, set[str]] = {}
        self.uploads: list[str] = []

    def head_bucket(self, Bucket: str) -> None:
        if Bucket not in self.buckets:
            raise refusal("404", "Not Found")

    def create_bucket(self, Bucket: str) -> None:
        self.buckets[Bucket] = set()

    def put_public_access_block(self, **_: Any) -> None: ...

    def head_object(self, Bucket: str, Key: str) -> None:
        if Key not in self.buckets[Bucket]:
            raise refusal("404", "Not Found")

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        self.buckets[bucket].add(key)
        self.uploads.append(key)


class FakeSts:
    """One account."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "000000000000"}


class FakeCloud(Cloud):
    """A cloud of fakes."""

    def __init__(self, endpoint: str | None = None) -> None:
        object.__setattr__(self, "endpoint", endpoint)
        object.__setattr__(self, "cloudformation", FakeCloudFormation())
        object.__setattr__(self, "s3", FakeS3())
        object.__setattr__(self, "sts", FakeSts())

    def client(self, service: str) -> Any:
        return getattr(self, service)

"""A change of the template reaches a table that is in use: nothing of it is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.workspace import Workspace
from tests.emulators import aws, running, workspace_in

KEY = [{"AttributeName": "id", "KeyType": "HASH"}]
LABELLED = {
    "IndexName": "by_label",
    "KeySchema": [{"AttributeName": "label", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An emulator of its own."""
    workspace = workspace_in(tmp_path_factory.mktemp("change"))
    with running(workspace):
        yield workspace


def template(**more: Any) -> str:
    """One table, which CloudFormation names."""
    attributes = ["id", *(["label"] if "GlobalSecondaryIndexes" in more else [])]
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in attributes
        ],
        "KeySchema": KEY,
        "DeletionProtectionEnabled": {"Fn::If": ["IsProtected", True, False]},
        **more,
    }
    table = {"Type": "AWS::DynamoDB::Table", "Properties": properties}
    return json.dumps(
        {
            "Parameters": {"DeletionProtection": {"Type": "String", "Default": "false"}},
            "Conditions": {"IsProtected": {"Fn::Equals": [{"Ref": "DeletionProtection"}, "true"]}},
            "Resources": {"Things": table},
            "Outputs": {"Things": {"Value": {"Ref": "Things"}}},
        }
    )


class Stack:
    """A stack of one table, with two rows in it; the second one has a label."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._stacks, self.dynamodb = aws(workspace, "cloudformation"), aws(workspace, "dynamodb")
        self._name = name
        self._stacks.create_stack(StackName=name, TemplateBody=template())
        self._stacks.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1}
        )
        outputs = self._stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        self.table = outputs[0]["OutputValue"]
        for item in ({"id": {"S": "1"}}, {"id": {"S": "2"}, "label": {"S": "old"}}):
            self.dynamodb.put_item(TableName=self.table, Item=item)

    def update(self, body: str, **parameters: str) -> None:
        self._stacks.update_stack(
            StackName=self._name,
            TemplateBody=body,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
        )
        self._stacks.get_waiter("stack_update_complete").wait(
            StackName=self._name, WaiterConfig={"Delay": 1}
        )

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = self.dynamodb.describe_table(TableName=self.table)["Table"]
        return found


def test_a_new_index_is_an_update_in_place_and_finds_the_rows_of_before(
    workspace: Workspace,
) -> None:
    stack = Stack(workspace, "index")
    before = stack.told()["TableId"]

    stack.update(template(GlobalSecondaryIndexes=[LABELLED]))

    found = stack.dynamodb.query(
        TableName=stack.table,
        IndexName="by_label",
        KeyConditionExpression="label = :label",
        ExpressionAttributeValues={":label": {"S": "old"}},
    )
    assert [each["id"]["S"] for each in found["Items"]] == ["2"]
    assert stack.dynamodb.scan(TableName=stack.table)["Count"] == 2
    assert stack.told()["TableId"] == before


def test_a_table_is_protected_by_a_parameter_alone_and_can_then_not_be_deleted(
    workspace: Workspace,
) -> None:
    stack = Stack(workspace, "protection")
    unprotected = stack.told()["DeletionProtectionEnabled"]

    stack.update(template(), DeletionProtection="true")

    assert (unprotected, stack.told()["DeletionProtectionEnabled"]) == (False, True)
    with pytest.raises(stack.dynamodb.exceptions.ClientError, match="protect"):
        stack.dynamodb.delete_table(TableName=stack.table)
    assert stack.dynamodb.scan(TableName=stack.table)["Count"] == 2

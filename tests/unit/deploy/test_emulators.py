"""What an emulator dropped from the template is completed, once."""

from collections.abc import Iterator
from typing import Any

from infra.deploy.gateway import complete_gateway_responses
from infra.deploy.mail import complete_sender
from infra.deploy.tables import complete_tables

GATEWAY = {
    "Resources": {
        "RestAPI": {
            "Type": "AWS::Serverless::Api",
            "Properties": {
                "StageName": "api",
                "GatewayResponses": {
                    "DEFAULT_4XX": {
                        "ResponseTemplates": {"application/json": "{}"},
                        "ResponseParameters": {"Headers": {"Retry-After": "'1'"}},
                    },
                    "THROTTLED": {"StatusCode": 429},
                },
            },
        }
    }
}
TABLES = {
    "Resources": {
        "Usage": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            },
        }
    }
}


class FakeGateway:
    """Gateway responses of one API, deployed or not."""

    def __init__(self) -> None:
        self.responses: dict[str, dict[str, Any]] = {}
        self.deployed: list[str] = []

    def get_gateway_responses(self, restApiId: str, limit: int) -> dict[str, Any]:
        return {"items": [{"responseType": k, **v} for k, v in self.responses.items()]}

    def put_gateway_response(self, restApiId: str, responseType: str, **response: Any) -> None:
        self.responses[responseType] = response

    def create_deployment(self, restApiId: str, stageName: str) -> None:
        self.deployed.append(stageName)


class FakeTables:
    """Expiry and recovery of tables, both off."""

    def __init__(self) -> None:
        self.expiring: dict[str, Any] = {}
        self.recoverable: set[str] = set()

    def describe_time_to_live(self, TableName: str) -> dict[str, Any]:
        status = "ENABLED" if TableName in self.expiring else "DISABLED"
        return {"TimeToLiveDescription": {"TimeToLiveStatus": status}}

    def update_time_to_live(self, TableName: str, TimeToLiveSpecification: Any) -> None:
        self.expiring[TableName] = TimeToLiveSpecification

    def describe_continuous_backups(self, TableName: str) -> dict[str, Any]:
        status = "ENABLED" if TableName in self.recoverable else "DISABLED"
        described = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}
        return {"ContinuousBackupsDescription": described}

    def update_continuous_backups(self, TableName: str, **_: Any) -> None:
        self.recoverable.add(TableName)


class FakeSes:
    """Verifies whom it is asked to verify."""

    def __init__(self) -> None:
        self.identities: list[str] = []

    def get_paginator(self, operation: str) -> "FakeSes":
        assert operation == "list_identities"
        return self

    def paginate(self, IdentityType: str) -> Iterator[dict[str, Any]]:
        yield {"Identities": self.identities}

    def verify_email_identity(self, EmailAddress: str) -> None:
        self.identities.append(EmailAddress)


def test_missing_gateway_responses_are_set_and_deployed() -> None:
    gateway = FakeGateway()

    assert complete_gateway_responses(gateway, GATEWAY, "id") == ["DEFAULT_4XX", "THROTTLED"]
    assert gateway.responses["THROTTLED"] == {"statusCode": "429"}
    assert gateway.responses["DEFAULT_4XX"] == {
        "responseTemplates": {"application/json": "{}"},
        "responseParameters": {"gatewayresponse.header.Retry-After": "'1'"},
    }
    assert gateway.deployed == ["api"]


def test_gateway_responses_that_are_there_are_left_alone() -> None:
    gateway = FakeGateway()
    complete_gateway_responses(gateway, GATEWAY, "id")

    assert complete_gateway_responses(gateway, GATEWAY, "id") == []
    assert gateway.deployed == ["api"]


def test_expiry_and_recovery_that_a_table_lacks_are_switched_on_once() -> None:
    tables = FakeTables()

    assert complete_tables(tables, TABLES, {"Usage": "u-1"}) == ["Usage"]
    assert tables.expiring == {"u-1": {"AttributeName": "ttl", "Enabled": True}}
    assert complete_tables(tables, TABLES, {"Usage": "u-1"}) == []


def test_the_sender_of_mail_is_verified_once() -> None:
    ses = FakeSes()

    assert complete_sender(ses, "lambent@example.com") == ["lambent@example.com"]
    assert complete_sender(ses, "lambent@example.com") == []
    assert ses.identities == ["lambent@example.com"]


def test_where_mail_is_off_nobody_is_verified() -> None:
    ses = FakeSes()

    assert complete_sender(ses, "") == []
    assert ses.identities == []

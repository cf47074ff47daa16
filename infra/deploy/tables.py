"""Expiry and recovery of tables, for an emulator that drops them from the template."""

from collections.abc import Mapping
from typing import Any


def complete_tables(
    dynamodb: Any, document: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    """Switch on what the template declares and the tables lack; which tables these were."""
    completed = []
    for logical_id, resource in document["Resources"].items():
        if resource.get("Type") == "AWS::DynamoDB::Table":
            # both, not either: each call completes one setting
            changes = [
                _complete_expiry(dynamodb, names[logical_id], resource["Properties"]),
                _complete_recovery(dynamodb, names[logical_id], resource["Properties"]),
            ]
            completed += [logical_id] if any(changes) else []
    return completed


def _complete_expiry(dynamodb: Any, table: str, properties: Mapping[str, Any]) -> bool:
    wanted = properties.get("TimeToLiveSpecification", {})
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if not wanted.get("Enabled") or found["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}:
        return False
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)
    return True


def _complete_recovery(dynamodb: Any, table: str, properties: Mapping[str, Any]) -> bool:
    wanted = properties.get("PointInTimeRecoverySpecification", {})
    found = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    status = found.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    if not wanted.get("PointInTimeRecoveryEnabled") or status == "ENABLED":
        return False
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return True

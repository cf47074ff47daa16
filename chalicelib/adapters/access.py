"""Policies in the catalogue table, grants in the accounts table, counters in the usage table."""

from collections.abc import Sequence

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.tables.access import GrantRow, PolicyRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.adapters.transactions import Item
from chalicelib.domain.access import Grant, Policy, Usage
from chalicelib.settings import Settings


class AccessTable:
    """`ports.access.Access` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._usage = settings.usage_table

    def policies(self) -> Sequence[Policy]:
        """One query."""
        with reachable():
            return [policy_of(row) for row in PolicyRow.query("policy", consistent_read=True)]

    def policy(self, policy_id: int) -> Policy | None:
        """One consistent read."""
        with reachable():
            try:
                return policy_of(PolicyRow.get("policy", _padded(policy_id), consistent_read=True))
            except PolicyRow.DoesNotExist:
                return None

    def put_policy(self, policy: Policy) -> None:
        """One put."""
        with reachable():
            PolicyRow(
                sk=_padded(policy.id),
                name=policy.name,
                daily=policy.daily,
                monthly=policy.monthly,
                retention_days=policy.retention_days,
            ).save()

    def put_grant(self, grant: Grant) -> None:
        """One put."""
        with reachable():
            GrantRow(
                f"user#{grant.user_id}",
                f"grant#{grant.model}",
                policy_id=grant.policy_id,
                granted_at=grant.granted_at,
                daily=grant.daily,
                monthly=grant.monthly,
                retention_days=grant.retention_days,
                expires_at=grant.expires_at,
            ).save()

    def end_grant(self, user_id: str, model: str) -> None:
        """One delete, without a condition."""
        with reachable():
            GrantRow(f"user#{user_id}", f"grant#{model}").delete()

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        """One query over the kept months of this user."""
        with available("usage table"):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._usage,
                KeyConditionExpression="user_id = :user",
                ExpressionAttributeValues={":user": {"S": user_id}},
                ConsistentRead=True,
            )
            months = [item for page in pages for item in page["Items"]]
        mine = [item for item in months if item["period"]["S"].endswith(f"#{model}")]
        last = max((int(item["last_at"]["N"]) for item in mine), default=None)
        return sum(usage_of(item).total for item in mine), last


def period(month: str, model: str) -> str:
    """The key of a month's usage of a model: a range query by month gets all models."""
    return f"{month}#{model}"


def usage_of(item: Item) -> Usage:
    """The counters of a usage item."""
    days = {
        int(name[1:]): int(value["N"])
        for name, value in item.items()
        if len(name) == 3 and name[0] == "d" and name[1:].isdecimal()
    }
    return Usage(total=int(item.get("total", {"N": "0"})["N"]), days=days)


def policy_of(row: PolicyRow) -> Policy:
    """The policy of a row."""
    return Policy(
        int(row.sk), row.name, _whole(row.daily), _whole(row.monthly), int(row.retention_days)
    )


def grant_of(row: GrantRow) -> Grant:
    """The grant of a row."""
    return Grant(
        user_id=row.pk.removeprefix("user#"),
        model=row.sk.removeprefix("grant#"),
        policy_id=int(row.policy_id),
        granted_at=int(row.granted_at),
        daily=_whole(row.daily),
        monthly=_whole(row.monthly),
        retention_days=int(row.retention_days),
        expires_at=_whole(row.expires_at),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _padded(policy_id: int) -> str:
    return f"{policy_id:010d}"

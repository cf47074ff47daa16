"""Grants in the accounts table, each with a marker of its policy; what was used of them."""

from collections.abc import Sequence

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.policy_rows import use_of, whole
from chalicelib.adapters.steps import Step, carry_out, presence, removal
from chalicelib.adapters.tables.access import GrantMarkerRow, GrantRow
from chalicelib.adapters.tables.accounts import UserRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.adapters.usage import period as period
from chalicelib.adapters.usage import usage_of as usage_of
from chalicelib.domain.access import Grant, Policy
from chalicelib.errors import AppError
from chalicelib.services.ports.policies import Changed
from chalicelib.settings import Settings


class AccessTable:
    """`ports.access.Access` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._usage = settings.usage_table

    def put_grant(self, grant: Grant, under: Policy | None = None) -> None:
        """One read, and one transaction with the markers of its policies, old and new."""
        before = self._find(grant.user_id, grant.model)
        put = grant_row(grant).get_save_kwargs_from_instance(condition=_as_found(before))
        marker = marker_row(grant).get_save_kwargs_from_instance()
        steps = [Step({"Put": put}, Changed()), Step({"Put": marker}, AppError())]
        if before and before.policy_id != grant.policy_id:
            steps.append(removal(marker_row(before)))
        if under:
            steps.append(presence(UserRow(f"user#{grant.user_id}"), Changed()))
            steps.append(Step({"Update": use_of(under)}, Changed()))
        carry_out(self._client, steps)

    def end_grant(self, user_id: str, model: str) -> bool:
        """One read, and if there is one, one transaction with its marker."""
        grant = self._find(user_id, model)
        if grant is None:
            return False
        gone = grant_row(grant).get_delete_kwargs_from_instance(condition=_as_found(grant))
        carry_out(self._client, [Step({"Delete": gone}, Changed()), removal(marker_row(grant))])
        return True

    def grants(self, user_id: str) -> Sequence[Grant]:
        """One query."""
        with reachable():
            rows = GrantRow.query(
                f"user#{user_id}", GrantRow.sk.startswith("grant#"), consistent_read=True
            )
            return [grant_of(row) for row in rows]

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
        times = [int(item["last_at"]["N"]) for item in mine if "last_at" in item]
        return sum(usage_of(item).total for item in mine), max(times, default=None)

    def _find(self, user_id: str, model: str) -> Grant | None:
        with reachable():
            try:
                row = GrantRow.get(f"user#{user_id}", f"grant#{model}", consistent_read=True)
            except GrantRow.DoesNotExist:
                return None
        return grant_of(row)


def _as_found(before: Grant | None) -> Condition:
    """Holds while the grant names the policy that it was found with, or there is none."""
    if before is None:
        return GrantRow.pk.does_not_exist()
    return GrantRow.policy_id == before.policy_id


def grant_row(grant: Grant) -> GrantRow:
    """The row of a grant."""
    return GrantRow(
        f"user#{grant.user_id}",
        f"grant#{grant.model}",
        policy_id=grant.policy_id,
        granted_at=grant.granted_at,
        daily=grant.daily,
        monthly=grant.monthly,
        retention_days=grant.retention_days,
        expires_at=grant.expires_at,
    )


def marker_row(grant: Grant) -> GrantMarkerRow:
    """What tells the policy of a grant of it."""
    return GrantMarkerRow(f"policy#{grant.policy_id}", f"{grant.user_id}#{grant.model}")


def grant_of(row: GrantRow) -> Grant:
    """The grant of a row."""
    return Grant(
        user_id=row.pk.removeprefix("user#"),
        model=row.sk.removeprefix("grant#"),
        policy_id=int(row.policy_id),
        granted_at=int(row.granted_at),
        daily=whole(row.daily),
        monthly=whole(row.monthly),
        retention_days=int(row.retention_days),
        expires_at=whole(row.expires_at),
    )

"""Transactions that outlast conflicts, and say plainly when a condition failed."""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.errors import Unavailable

Item = Mapping[str, Any]
"""A row in DynamoDB's own form."""

TRIES = 5
FIRST_WAIT = 0.05
LONGEST_WAIT = 0.3
"""Seconds; with full jitter the five tries stay within one second."""

PASSING = {
    "TransactionConflict",
    "TransactionInProgressException",
    "ThrottlingError",
    "ThrottlingException",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}


class ConditionFailed(Exception):
    """A condition does not hold; `broken` and `olds` say, per operation, whose and by which row.

    A row is there only where the operation asked for it.
    """

    def __init__(self, broken: Sequence[bool], olds: Sequence[Item | None]) -> None:
        super().__init__("a condition of the transaction does not hold")
        self.broken = broken
        self.olds = olds


def commit(client: Client, operations: Sequence[Mapping[str, Any]], token: str) -> None:
    """Write all operations or none; `token` makes a repeated call harmless for ten minutes.

    Raises ConditionFailed only when nothing else was in the way, and Unavailable, with
    nothing kept, when conflicts or throttling outlast five tries.
    """
    for attempt in range(TRIES):
        try:
            with available("table"):
                return _write(client, operations, token)
        except _Passing:
            longest = min(LONGEST_WAIT, FIRST_WAIT * 2**attempt)
            time.sleep(random.uniform(0, longest))  # no secret  # nosec B311
    raise Unavailable("The table is contended, try again", retry_after=1)


class _Passing(Exception):
    """Worth another try."""


def _write(client: Client, operations: Sequence[Mapping[str, Any]], token: str) -> None:
    try:
        client.transact_write_items(TransactItems=operations, ClientRequestToken=token)
    except ClientError as error:
        reasons = error.response.get("CancellationReasons", [])
        codes = {error.response["Error"]["Code"], *(reason.get("Code") for reason in reasons)}
        if codes & PASSING:
            raise _Passing from error
        if "ConditionalCheckFailed" in codes:
            broken = [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
            raise ConditionFailed(broken, [reason.get("Item") for reason in reasons]) from error
        raise

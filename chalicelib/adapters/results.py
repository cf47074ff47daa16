"""Where a worker writes: conditional statements, 25 a call; without PynamoDB, which it lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic_core import to_json

from chalicelib.adapters.aws import Client
from chalicelib.adapters.endings import CHARGED, Endings
from chalicelib.adapters.transactions import ConditionFailed, Item
from chalicelib.domain.ids import shard_of
from chalicelib.domain.predictions import Failure, Job, Outcome, Status
from chalicelib.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.results import Written
from chalicelib.settings import Settings

STATEMENTS = 25
"""The most that BatchExecuteStatement takes in one call."""

SET = (
    "status",
    "version",
    "output",
    "error",
    "metrics",
    "started_at",
    "completed_at",
    "changed_at",
)


class ResultTable:
    """`ports.results.Results` on DynamoDB.

    A row carries `shard` until it is terminal, and the statement that ends it removes it: so
    one equality is the whole condition, and the first writer wins.
    """

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.predictions_table
        self._endings = Endings(client, settings)
        self._patience = 2 * settings.visibility_timeout * 1000
        assignments = " ".join(f'SET "{name}"=?' for name in SET)
        self._statement = (
            f'UPDATE "{self._table}" {assignments} REMOVE "shard" REMOVE "due" '
            'WHERE "id"=? AND "shard"=?'
        )

    def claim(self, job: Job, attempt: int, now: int) -> Written:
        """One conditional update; the message comes again before the sweeper looks after it."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": job.id}},
                UpdateExpression="SET #status = :running, attempt = :attempt, "
                "started_at = :now, changed_at = :now, due = :due",
                ConditionExpression="attribute_exists(#shard)",
                ExpressionAttributeNames={"#status": "status", "#shard": "shard"},
                ExpressionAttributeValues={
                    ":running": {"S": "running"},
                    ":attempt": {"N": str(attempt)},
                    ":now": {"N": str(now)},
                    ":due": {"N": str(now + self._patience)},
                },
                ReturnValues="UPDATED_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _written(error.response.get("Error"), error.response.get("Item"))
        except BotoCoreError as error:
            logger.error("not claimed", prediction_id=job.id, reason=str(error))
            return Written.UNKNOWN
        # What stays as it was may be left out of the answer: then it was running too.
        was_queued = answer.get("Attributes", {}).get("status") == {"S": Status.QUEUED.value}
        return Written.WON if was_queued else Written.AGAIN

    def expire(self, job: Job, now: int) -> Written:
        """One transaction; one update where there is no unit to give back."""
        return self._end(job, Status.EXPIRED, now)

    def give_up(self, job: Job, failure: Failure, now: int) -> Written:
        """The same."""
        return self._end(job, Status.FAILED, now, failure)

    def _end(self, job: Job, status: Status, now: int, error: Failure | None = None) -> Written:
        try:
            self._endings.refund(job, status, now, CHARGED, error)
        except ConditionFailed as failure:
            if failure.broken[0] and not _is_open(failure.olds[0]):
                return _lost(failure.olds[0])
        except Unavailable:
            return Written.UNKNOWN
        else:
            return Written.WON
        return self._end_uncharged(job, status, now, error)

    def _end_uncharged(self, job: Job, status: Status, now: int, error: Failure | None) -> Written:
        try:
            self._endings.end(job, status, now, error)
        except ConditionFailed as failure:
            return _lost(failure.olds[0])
        except Unavailable:
            return Written.UNKNOWN
        return Written.WON

    def finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        """One call for each 25; a call that fails leaves its outcomes UNKNOWN."""
        chunks = [outcomes[at : at + STATEMENTS] for at in range(0, len(outcomes), STATEMENTS)]
        return [written for chunk in chunks for written in self._finish(chunk)]

    def _finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        statements = [
            {
                "Statement": self._statement,
                "Parameters": _parameters(outcome),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
            for outcome in outcomes
        ]
        try:
            answer = self._client.batch_execute_statement(Statements=statements)
        except (BotoCoreError, ClientError) as error:
            logger.error("results not written", count=len(outcomes), reason=str(error)[:500])
            return [Written.UNKNOWN] * len(outcomes)
        return [_written(each.get("Error"), _item(each)) for each in answer["Responses"]]


def _parameters(outcome: Outcome) -> list[Mapping[str, Any]]:
    """In the order of SET, then of the condition."""
    return [
        {"S": outcome.status.value},
        {"S": outcome.version},
        {"NULL": True} if outcome.output is None else {"S": outcome.output},
        {"NULL": True} if outcome.error is None else {"S": to_json(outcome.error).decode()},
        {"S": to_json(outcome.metrics).decode()},
        {"N": str(outcome.started_at)},
        {"N": str(outcome.completed_at)},
        {"N": str(outcome.completed_at)},
        {"S": outcome.id},
        {"N": str(shard_of(outcome.id))},
    ]


def _is_open(old: Item | None) -> bool:
    return old is not None and "shard" in old


def _lost(old: Item | None) -> Written:
    """Of a row that is not there nothing is known."""
    return Written.LOST if old else Written.UNKNOWN


def _item(response: Mapping[str, Any]) -> object:
    return response.get("Item") or response.get("Error", {}).get("Item")


def _written(error: Mapping[str, Any] | None, old: object) -> Written:
    """A failed condition on a row that exists: it is terminal. On one that does not: unknown."""
    if not error:
        return Written.WON
    if error.get("Code", "").startswith("ConditionalCheckFailed") and old:
        return Written.LOST
    logger.error("row not written", reason=error.get("Code"))
    return Written.UNKNOWN

"""What a worker does to cache entries; without PynamoDB, which it lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.entry_rows import DONE, RELEASED, entry_id, waiters_in
from chalicelib.adapters.transactions import Item
from chalicelib.domain.caching import Waiter, past
from chalicelib.domain.predictions import Job, Outcome
from chalicelib.settings import Settings

Values = Mapping[str, Mapping[str, str]]


class CacheEntryTable:
    """`ports.caching.CacheEntries` on DynamoDB: one conditional update each."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.predictions_table

    def settle(self, job: Job, outcome: Outcome) -> Sequence[Waiter]:
        """The row keeps its waiters: a worker that crashes now is told of them again."""
        return self._end(
            job,
            "SET #state = :state, #output = :output, #version = :version, "
            "#ttl = #lifetime + :completed",
            ("state", "output", "version", "ttl", "lifetime", "leader"),
            {
                ":state": {"S": DONE},
                ":output": {"S": outcome.output or ""},
                ":version": {"S": outcome.version},
                ":completed": {"N": str(outcome.completed_at // 1000)},
            },
        )

    def release(self, job: Job) -> Sequence[Waiter]:
        """The row stays until its waiters have messages for sure: it is TTL that deletes it."""
        return self._end(
            job,
            "SET #state = :state, #ttl = :past",
            ("state", "ttl", "leader"),
            {
                ":state": {"S": RELEASED},
                ":past": {"N": str(past(job.created_at))},
                ":done": {"S": DONE},
            },
            " AND #state <> :done",
        )

    def _end(
        self, job: Job, changes: str, names: Sequence[str], values: Values, unless: str = ""
    ) -> Sequence[Waiter]:
        """Those who joined the entry, whether or not it is changed, if it is this job's."""
        if job.cache_key is None:
            return ()
        update = {
            "TableName": self._table,
            "Key": {"id": {"S": entry_id(job.cache_key)}},
            "UpdateExpression": changes,
            "ConditionExpression": f"#leader = :leader{unless}",
            "ExpressionAttributeNames": {f"#{name}": name for name in names},
            "ExpressionAttributeValues": {**values, ":leader": {"S": job.id}},
            "ReturnValues": "ALL_OLD",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        with available("table"):
            old = self._old(update)
        return waiters_in(old) if old and old["leader"]["S"] == job.id else ()

    def _old(self, update: Mapping[str, Any]) -> Item | None:
        """The row as it was, also if it did not meet the condition."""
        try:
            found: Item | None = self._client.update_item(**update).get("Attributes")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            response: Mapping[str, Any] = error.response
            return response.get("Item")
        return found

"""Accepted predictions: the counter and the row in one transaction, to their ends."""

from collections.abc import Mapping, Sequence

from botocore.exceptions import ClientError

from chalicelib.adapters import prediction_pages
from chalicelib.adapters.acceptance import Acceptance
from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.batches import write_at_once
from chalicelib.adapters.endings import WAITING, Endings
from chalicelib.adapters.prediction_rows import prediction_in, row_of
from chalicelib.adapters.transactions import ConditionFailed, Item
from chalicelib.domain.access import Grant
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Join, Lead
from chalicelib.domain.predictions import ERASED, Job, Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Search
from chalicelib.settings import Settings

PRIVATE = ("input", "output", "metadata", "error")
"""What an erased row does not have any more."""


class PredictionTable:
    """`ports.predictions.Predictions` on DynamoDB."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._acceptance = Acceptance(client, settings)
        self._endings = Endings(client, settings)

    def accept(
        self,
        prediction: Prediction,
        grant: Grant,
        *,
        receipt: Receipt | None = None,
        part: Lead | Join | None = None,
    ) -> None:
        """One transaction."""
        self._acceptance.accept(prediction, grant, receipt, part)

    def accept_batch(self, batch: Batch, grant: Grant, *, receipt: Receipt | None = None) -> None:
        """One transaction."""
        self._acceptance.accept_batch(batch, grant, receipt)

    def store(self, predictions: Sequence[Prediction]) -> Sequence[Prediction]:
        """One call for each 25, four at a time."""
        rows = {each.id: each for each in predictions}
        requests = [
            {"PutRequest": {"Item": row_of(each, self._acceptance.due(each)).serialize()}}
            for each in predictions
        ]
        left = write_at_once(self._client, self._settings.predictions_table, requests)
        return [rows[each["PutRequest"]["Item"]["id"]["S"]] for each in left]

    def glimpse(self, prediction_id: str) -> Prediction | None:
        """One eventually consistent read, at half the price of a consistent one."""
        with available("table"):
            answer = self._client.get_item(
                TableName=self._settings.predictions_table, Key={"id": {"S": prediction_id}}
            )
        return prediction_in(answer["Item"]) if "Item" in answer else None

    def cancel(self, prediction: Prediction, now: int) -> Prediction | None:
        """One transaction for what waits, one update for what runs."""
        job = Job.of(prediction)
        if prediction.status is Status.QUEUED and prediction.charged:
            try:
                self._endings.refund(job, Status.CANCELED, now, WAITING)
            except ConditionFailed:
                pass  # it has begun or ended meanwhile, or nothing is left to give back
            else:
                return prediction.canceled(now)
        try:
            return prediction_in(self._endings.end(job, Status.CANCELED, now))
        except ConditionFailed as failure:
            return _first(failure.olds)

    def erase(self, prediction: Prediction, now: int) -> None:
        """One update; `ttl` stays, so the row is there for as long as it would have been."""
        names = (*PRIVATE, "retained_until", "changed_at", "shard")
        with available("table"):
            try:
                self._client.update_item(
                    TableName=self._settings.predictions_table,
                    Key={"id": {"S": prediction.id}},
                    UpdateExpression="SET #retained_until = :erased, #changed_at = :now REMOVE "
                    + ", ".join(f"#{name}" for name in PRIVATE),
                    ConditionExpression="attribute_exists(id) AND attribute_not_exists(#shard)",
                    ExpressionAttributeNames={f"#{name}": name for name in names},
                    ExpressionAttributeValues={
                        ":erased": {"N": str(ERASED)},
                        ":now": {"N": str(now)},
                    },
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise

    def page(self, search: Search, limit: int, after: str | None) -> Page[Prediction]:
        """A query of an index."""
        return prediction_pages.page(search, limit, after)

    def counts(self, batch_id: str) -> Mapping[Status, int]:
        """A query of the batch's index that reads nothing else."""
        return prediction_pages.counts(batch_id)


def _first(olds: Sequence[Item | None]) -> Prediction | None:
    return prediction_in(olds[0]) if olds and olds[0] else None

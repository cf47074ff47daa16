"""Dead letters as rows of the catalogue table, which nobody's requests wait for."""

from collections.abc import Collection, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import Client, available
from chalicelib.adapters.batches import fetch
from chalicelib.adapters.queue import delivery_of
from chalicelib.adapters.transactions import Item
from chalicelib.domain.dead_letters import DeadLetter, Reason
from chalicelib.domain.ids import is_prediction_id
from chalicelib.services.ports.paging import Page
from chalicelib.services.undertaking import Message
from chalicelib.settings import Settings

PARTITION = {"S": "dead-letters"}


class DeadLetterTable:
    """`ports.dead_letters.DeadLetters` on DynamoDB, in the rows `dead-letters` / `<id>`."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._table = settings.catalogue_table

    def add(self, letter: DeadLetter) -> bool:
        """One conditional put."""
        with available("table"):
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(letter),
                    ConditionExpression="attribute_not_exists(pk)",
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return False
        return True

    def find(self, ids: Collection[str]) -> Mapping[str, DeadLetter]:
        """One strongly consistent read."""
        keys = [_key(id) for id in dict.fromkeys(ids)]
        rows = fetch(self._client, {self._table: keys})[self._table] if keys else ()
        return {letter.id: letter for letter in map(_letter, rows)}

    def page(self, limit: int, after: str | None) -> Page[DeadLetter]:
        """One query, with a row more to see whether there is a next page."""
        place = {"ExclusiveStartKey": _key(after)} if after else {}
        with available("table"):
            found = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :letters",
                ExpressionAttributeValues={":letters": PARTITION},
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit + 1,
                **place,
            )
        letters = [_letter(item) for item in found["Items"]]
        if len(letters) > limit:
            return Page(letters[:limit], letters[limit - 1].id)
        last = found.get("LastEvaluatedKey")
        return Page(letters, last["sk"]["S"] if last else None)

    def remove(self, id: str) -> bool:
        """One delete."""
        with available("table"):
            answer = self._client.delete_item(
                TableName=self._table, Key=_key(id), ReturnValues="ALL_OLD"
            )
        return "Attributes" in answer


def message_of(record: Mapping[str, Any]) -> Message:
    """A record of a Lambda's SQS event from a dead-letter queue."""
    delivery, attributes = delivery_of(record), record["attributes"]
    job = delivery.job if delivery.job and is_prediction_id(delivery.job.id) else None
    # AWS counts the deliveries of the queue that it comes from too; not all emulators do.
    before = delivery.attempt - 1 + (job.attempts if job else 0)
    return Message(
        delivery.message_id, record["body"], int(attributes["SentTimestamp"]), before, job
    )


def _key(id: str) -> Mapping[str, Mapping[str, str]]:
    return {"pk": PARTITION, "sk": {"S": id}}


def _item(letter: DeadLetter) -> Item:
    item: dict[str, Any] = {
        **_key(letter.id),
        "reason": {"S": letter.reason.value},
        "attempts": {"N": str(letter.attempts)},
        "created_at": {"N": str(letter.created_at)},
        "dead_at": {"N": str(letter.dead_at)},
        "ttl": {"N": str(letter.until)},
    }
    texts = {"model": letter.model, "body": letter.body}
    return item | {name: {"S": text} for name, text in texts.items() if text}


def _letter(item: Item) -> DeadLetter:
    return DeadLetter(
        id=item["sk"]["S"],
        reason=Reason(item["reason"]["S"]),
        attempts=int(item["attempts"]["N"]),
        created_at=int(item["created_at"]["N"]),
        dead_at=int(item["dead_at"]["N"]),
        model=item["model"]["S"] if "model" in item else None,
        body=item["body"]["S"] if "body" in item else None,
    )

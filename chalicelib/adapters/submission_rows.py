"""What a submission leaves beside its predictions: receipts of keys, and batches."""

from chalicelib.adapters.transactions import Item
from chalicelib.domain.batches import Batch
from chalicelib.domain.receipts import Receipt


def receipt_id(key: str) -> str:
    """The id of a receipt's row; no prediction has such a one."""
    return f"key#{key}"


def receipt_item(receipt: Receipt) -> Item:
    """The row of a receipt."""
    return {
        "id": {"S": receipt_id(receipt.key)},
        "fingerprint": {"S": receipt.fingerprint},
        "made": {"S": receipt.made},
        "ttl": {"N": str(receipt.until)},
    }


def receipt_in(item: Item) -> Receipt:
    """The receipt of a row."""
    key = item["id"]["S"].removeprefix(receipt_id(""))
    return Receipt(key, item["fingerprint"]["S"], item["made"]["S"], int(item["ttl"]["N"]))


def batch_row_id(batch_id: str) -> str:
    """The id of a batch's own row; no prediction has such a one."""
    return f"batch#{batch_id}"


def batch_item(batch: Batch) -> Item:
    """The row of a new batch; `owner`, as `user_id` would list it among the predictions.

    It carries `shard` and `due`, as a prediction does, until the sweeper has settled it.
    """
    return {
        "id": {"S": batch_row_id(batch.id)},
        "owner": {"S": batch.user_id},
        "model": {"S": batch.model},
        "size": {"N": str(batch.size)},
        "created_at": {"N": str(batch.created_at)},
        "retained_until": {"N": str(batch.retained_until)},
        "shard": {"N": str(batch.shard)},
        "due": {"N": str(batch.due)},
        "ttl": {"N": str(batch.retained_until // 1000)},
    }


def batch_named(row_id: str) -> str | None:
    """The batch that a row is of; None if it is a prediction's."""
    prefix = batch_row_id("")
    return row_id.removeprefix(prefix) if row_id.startswith(prefix) else None


def batch_in(item: Item) -> Batch:
    """The batch of a row."""
    return Batch(
        id=item["id"]["S"].removeprefix(batch_row_id("")),
        user_id=item["owner"]["S"],
        model=item["model"]["S"],
        size=int(item["size"]["N"]),
        created_at=int(item["created_at"]["N"]),
        retained_until=int(item["retained_until"]["N"]),
    )

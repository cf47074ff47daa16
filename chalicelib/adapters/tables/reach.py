"""What PynamoDB and botocore raise, as facts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.aws import available


def reachable() -> AbstractContextManager[None]:
    """Around every use of a row: what PynamoDB or botocore raise becomes Unavailable."""
    return available("table", PynamoDBException)


def is_written(write: Callable[[], object]) -> bool:
    """Make a conditional write; False if its condition does not hold."""
    with reachable():
        try:
            write()
        except PynamoDBException as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
    return True

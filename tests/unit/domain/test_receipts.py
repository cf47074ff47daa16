"""What a request with an idempotency key leaves."""

import pytest

from chalicelib.domain.receipts import KEPT, Operation, Receipt, key_of
from tests.samples import NOW

SECOND = NOW // 1000


@pytest.mark.parametrize(
    ("until", "now", "is_kept"),
    [
        (SECOND + 1, NOW, True),
        (SECOND + 1, NOW + 999, True),
        (SECOND + 1, NOW + 1000, False),
        (SECOND, NOW, False),
    ],
)
def test_it_counts_until_its_second(until: int, now: int, is_kept: bool) -> None:
    assert Receipt("k", "f", "m", until).is_kept(now) is is_kept


def test_it_is_kept_for_a_day() -> None:
    assert KEPT == 24 * 3600


@pytest.mark.parametrize(
    ("user", "operation", "subject", "key"),
    [
        ("bob", Operation.SUBMIT, "double", "k"),
        ("ada", Operation.TASK, "double", "k"),
        ("ada", Operation.BATCH, "double", "k"),
        ("ada", Operation.RETRY, "double", "k"),
        ("ada", Operation.SUBMIT, "triple", "k"),
        ("ada", Operation.SUBMIT, "double", "K"),
        ("ada", Operation.SUBMIT, "doublek", ""),
        ("adasubmit", Operation.SUBMIT, "double", "k"),
    ],
)
def test_a_key_means_something_else_to_another_user_operation_or_model(
    user: str, operation: Operation, subject: str, key: str
) -> None:
    assert key_of(user, operation, subject, key) != key_of("ada", Operation.SUBMIT, "double", "k")


def test_nothing_of_a_callers_key_can_be_read_from_what_is_kept() -> None:
    kept = key_of("ada", Operation.SUBMIT, "double", "hunter2")
    assert kept == key_of("ada", Operation.SUBMIT, "double", "hunter2")
    assert len(kept) == 64
    assert "hunter2" not in kept

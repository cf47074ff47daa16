"""What is asked for, before anybody knows whether it may be."""

import pytest

from chalicelib.api.drafts import Draft
from chalicelib.domain.receipts import Operation
from chalicelib.errors import BadRequest
from chalicelib.services.admitting import Asked


def test_it_tells_what_one_read_can_look_for() -> None:
    draft = Draft({"idempotency-key": ['"k"'], "cache-control": ["no-cache"]}, {"input": 1})
    assert draft.asked(Operation.TASK, 7) == Asked(Operation.TASK, 7, "k", is_fresh=True)


def test_without_headers_it_looks_for_the_input_alone() -> None:
    assert Draft({}).asked(Operation.SUBMIT, 7) == Asked(Operation.SUBMIT, 7)
    assert Draft({}).asked(Operation.BATCH) == Asked(Operation.BATCH)


def test_a_key_that_is_none_is_told_when_it_is_known_who_asks() -> None:
    draft = Draft({"idempotency-key": ["a b"]})
    assert draft.asked(Operation.SUBMIT).key is None
    with pytest.raises(BadRequest):
        draft.require_readable()


def test_a_readable_one_is_as_good_as_none() -> None:
    for headers in ({}, {"idempotency-key": ["k"]}):
        Draft(headers).require_readable()


@pytest.mark.parametrize(
    ("values", "is_fresh"),
    [
        (["no-cache"], True),
        (["No-Cache"], True),
        (["max-age=0, no-cache"], True),
        (["max-age=0", "no-store , no-cache "], True),
        ([], False),
        ([""], False),
        (["max-age=0"], False),
        (["no-store"], False),
        (["no-cache-at-all"], False),
        (["not, no, cache"], False),
    ],
)
def test_no_cache_among_the_directives_asks_for_a_fresh_result(
    values: list[str], is_fresh: bool
) -> None:
    draft = Draft({"cache-control": values})
    assert draft.asked(Operation.SUBMIT).is_fresh is is_fresh

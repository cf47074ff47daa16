"""`ETag` and `If-None-Match`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.validators import etag, known
from tests.samples import NOW, a_grant, a_prediction, a_user

PREDICTION = a_prediction(a_grant(a_user()))
TAG = f'"queued-1-{NOW}"'


def test_a_tag_is_weak_and_tells_status_attempt_and_last_change() -> None:
    assert etag(PREDICTION) == f"W/{TAG}"


@pytest.mark.parametrize(
    "values",
    [
        [f"W/{TAG}"],
        [TAG],
        [f'"x", W/{TAG}'],
        [f'W/{TAG},"x"'],
        [f" ,, {TAG} ,, "],
        ['"x"', TAG],
        [f'"a,b", {TAG}'],
        ["*"],
        [" * "],
    ],
)
def test_what_is_known_is_found_in_the_list(values: list[str]) -> None:
    seen = known({"if-none-match": values})
    assert seen
    assert seen.has(PREDICTION)


@pytest.mark.parametrize("value", ['"x"', 'W/"x"', '""', f'"W/{TAG[1:]}', '"x", "y"'])
def test_another_tag_is_not_it(value: str) -> None:
    seen = known({"if-none-match": [value]})
    assert seen
    assert not seen.has(PREDICTION)


@pytest.mark.parametrize(
    "value",
    [
        "",
        ",",
        TAG.strip('"'),
        TAG[:-1],
        f"w/{TAG}",
        f"W/ {TAG}",
        f"{TAG} {TAG}",
        f"*, {TAG}",
        f"{TAG}, *",
        f"{TAG}, x",
        "'x'",
        '"a b"',
        "\x00",
        '"' * 4001,
        ", " * 4000 + "x",
        '"x",' * 2000 + "x",
    ],
)
def test_what_cannot_be_read_is_as_good_as_not_there(value: str) -> None:
    assert known({"if-none-match": [value]}) is None


def test_who_knows_nothing_is_told_everything() -> None:
    assert known({}) is None


@given(st.lists(st.text()))
def test_no_text_is_an_error(values: list[str]) -> None:
    known({"if-none-match": values})

"""`Prefer: wait=n`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.preferences import wait


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        (["wait=5"], 5),
        (["wait=0"], 0),
        (["WAIT=5"], 5),
        (["  wait = 5 "], 5),
        (['wait="5"'], 5),
        (["wait=005"], 5),
        (["respond-async, wait=5"], 5),
        (["respond-async;x=1 , wait=5; hard"], 5),
        (['x="a,wait=9", wait=5'], 5),
        (["respond-async", "wait=5"], 5),
        (["wait=5, wait=9"], 5),
        (["wait=" + "9" * 900], 999_999_999),
    ],
)
def test_the_seconds_of_the_first_such_preference_count(values: list[str], seconds: int) -> None:
    assert wait({"prefer": values}) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        ",",
        "wait",
        "wait=",
        "wait=-1",
        "wait=+1",
        "wait=1.5",
        "wait=1e3",
        "wait=1s",
        "wait=x",
        "wait=\u0665",
        'wait="5',
        "wait='5'",
        "wait 5",
        "waiting=5",
        "x-wait=5",
        'x="wait=5"',
        "wait=x, wait=5",
        "wait;n=5",
        "return=minimal",
        "wait=5" + " " * 1000,
        '"\\' * 5000,
    ],
)
def test_what_cannot_be_read_is_as_good_as_not_there(value: str) -> None:
    assert wait({"prefer": [value]}) is None


def test_who_prefers_nothing_does_not_wait() -> None:
    assert wait({}) is None


@given(st.lists(st.text()))
def test_no_text_is_an_error(values: list[str]) -> None:
    wait({"prefer": values})

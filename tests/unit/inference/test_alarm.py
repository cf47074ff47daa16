"""Time limits, in real but short time."""

import signal
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from chalicelib.inference.alarm import TimedOut, limited

SOON = 0.03
LONG = 20.0
"""Nobody waits for that long, unless a limit does not work."""


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def busy() -> None:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        pass


def forgiving() -> str:
    """Goes on after any Exception."""
    try:
        time.sleep(LONG)
    except Exception:
        return "went on"
    return "slept"


def stubborn() -> None:
    """Goes on after the first interruption, whatever it is."""
    try:
        time.sleep(LONG)
    except BaseException:
        time.sleep(LONG)


@pytest.mark.parametrize("act", [lambda: time.sleep(LONG), busy, forgiving, stubborn])
def test_what_takes_longer_is_interrupted(act: object) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        limited(SOON, act)
    assert time.monotonic() - began < LONG / 2


@pytest.mark.parametrize("seconds", [None, LONG])
def test_what_returns_in_time_is_what_it_returned(seconds: float | None) -> None:
    assert limited(seconds, lambda: 7) == 7


@pytest.mark.parametrize("seconds", [None, LONG])
def test_what_is_raised_in_time_is_raised(seconds: float | None) -> None:
    with pytest.raises(ZeroDivisionError):
        limited(seconds, lambda: 1 // 0)


def test_a_limit_is_over_with_its_act() -> None:
    limited(SOON, lambda: None)
    time.sleep(2 * SOON)


def test_an_alarm_that_comes_too_late_is_nobodys() -> None:
    """As one does that another thread took while the act returned."""
    [late] = limited(LONG, lambda: [signal.getsignal(signal.SIGALRM)])
    assert callable(late)
    late(signal.SIGALRM, None)


def test_a_limit_outside_of_the_main_thread_is_refused_in_words() -> None:
    refusals: list[str] = []

    def attempt() -> None:
        try:
            limited(LONG, lambda: None)
        except RuntimeError as error:
            refusals.append(str(error))

    thread = Thread(target=attempt)
    thread.start()
    thread.join()
    assert refusals == ["A limit of time needs the main thread: predict there"]

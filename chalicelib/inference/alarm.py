"""A limit on the time of code that is not ours."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

AGAIN = 1.0
"""Seconds until it rings once more, for code that swallowed the first."""

T = TypeVar("T")


class TimedOut(BaseException):
    """It took longer than it may; no Exception, so that a model's own `except` lets it pass."""


def limited(seconds: float | None, act: Callable[[], T]) -> T:
    """What it returns; TimedOut if that takes longer, None being no limit.

    It is interrupted by a signal, which reaches Python code, sleeps and reads wherever they are;
    native code only as it returns. What never returns ends with the function's own timeout, and
    its message comes again. Signals are for the main thread, in which Lambda, LocalStack and the
    embedded emulator call handlers.
    """
    if seconds is None:
        return act()
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("A limit of time needs the main thread: predict there")
    return _watched(seconds, act)


def _watched(seconds: float, act: Callable[[], T]) -> T:
    is_over = False

    def ring(number: int, frame: FrameType | None) -> None:
        if not is_over:  # one that was on its way when the act ended is nobody's
            raise TimedOut

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        return act()
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

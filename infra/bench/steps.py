"""How a run tells what it is doing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Step(Protocol):
    """A part of a run, while it is at work; set `result` before it ends."""

    result: str

    def report(self, progress: str) -> None:
        """Tell what may take long."""

    def flash(self, progress: str) -> None:
        """Tell what is over in a moment."""


Steps = Callable[[str], AbstractContextManager[Step]]

"""The way to whoever erases what removed users leave."""

from typing import Protocol

from chalicelib.domain.erasures import Erasure


class Erasures(Protocol):
    """Where erasures wait for the eraser."""

    def ask(self, erasure: Erasure, delay: int = 0) -> None:
        """Queue it, for so many seconds later; Unavailable if the queue does not take it."""
        ...

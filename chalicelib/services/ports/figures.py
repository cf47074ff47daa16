"""How long the predictions of each model take."""

from typing import Protocol

from chalicelib.domain.figures import Figure


class Figures(Protocol):
    """One figure a model: the last that any worker noted."""

    def note(self, model: str, figure: Figure) -> None:
        """Put it in the place of the last one; Unavailable, and perhaps noted."""
        ...

    def of(self, model: str) -> Figure | None:
        """What was noted last, or a moment before; None if nothing ever was. Unavailable."""
        ...

"""Which models take predictions."""

from typing import Protocol


class Switches(Protocol):
    """A model that nobody ever switched is on; a Reader tells which are off."""

    def turn(self, model: str, *, is_on: bool) -> None:
        """Switch a model on or off."""
        ...

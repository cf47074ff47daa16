"""Which ministack wrote the state on disk: another version may not understand it."""

import re
from pathlib import Path

from infra.emulator.environment import Folders
from infra.emulator.installation import PINS

PINNED = re.compile(r"^ministack==(\S+)", re.MULTILINE)


def pinned(pins: Path = PINS) -> str:
    """The version that `up` starts."""
    found = PINNED.search(pins.read_text())
    return found[1] if found else ""


class Origin:
    """A small file beside the state, written where the state begins and whenever it is saved."""

    def __init__(self, folders: Folders) -> None:
        self._state = folders.state
        self._file = folders.data / "saved-by"

    def read(self) -> str | None:
        """The version; None where there is no state, or nobody noted it."""
        if not self._state.is_dir() or not any(self._state.iterdir()):
            return None
        return self._file.read_text().strip() if self._file.is_file() else None

    def write(self) -> None:
        """The state is the pinned version's from now on."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(f"{pinned()}\n")

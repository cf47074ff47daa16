"""What was built from what: the memory that makes a second build do nothing."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.build.archives import Size

_NOTHING = Size(0, 0)


@dataclass(frozen=True)
class Stamp:
    """The fingerprint of an output's inputs, and the size it came to."""

    inputs: str
    size: Size = _NOTHING


class Stamps:
    """The stamps of one target's outputs, kept beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamps = _read(path)

    def __getitem__(self, name: str) -> Stamp:
        return self._stamps[name]

    def stale(self, outputs: Mapping[str, Path], inputs: Mapping[str, str]) -> list[str]:
        """The outputs that are missing or were made from something else."""
        return [name for name, path in outputs.items() if not self._fresh(name, path, inputs)]

    def _fresh(self, name: str, path: Path, inputs: Mapping[str, str]) -> bool:
        stamp = self._stamps.get(name)
        return stamp is not None and stamp.inputs == inputs[name] and path.is_file()

    def keep(self, name: str, stamp: Stamp) -> None:
        """Remember one output, on disk at once: an interrupted build keeps what it finished."""
        self._stamps[name] = stamp
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps({key: asdict(one) for key, one in self._stamps.items()}))
        partial.replace(self._path)


def _read(path: Path) -> dict[str, Stamp]:
    if not path.is_file():
        return {}
    return {
        name: Stamp(kept["inputs"], Size(**kept["size"]))
        for name, kept in json.loads(path.read_text()).items()
    }

"""Zips that are the same bytes whenever their files are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
_REGULAR_READABLE = 0o100644 << 16


@dataclass(frozen=True)
class Size:
    """Bytes of an archive, and of the files in it."""

    zipped: int
    unzipped: int


@dataclass(frozen=True)
class Tree:
    """A folder whose files go below a place in an archive."""

    root: Path
    place: str = ""

    def files(self) -> Iterator[tuple[str, Path]]:
        """Each file with its name in the archive."""
        for path in self.root.rglob("*"):
            if path.is_file():
                yield (Path(self.place) / path.relative_to(self.root)).as_posix(), path


def write_archive(destination: Path, trees: Iterable[Tree]) -> Size:
    """Zip the trees aside and put the whole archive in place at once."""
    partial = destination.with_suffix(".partial")
    unzipped = 0
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        for name, path in sorted(_merged(trees).items()):
            data = path.read_bytes()
            unzipped += len(data)
            archive.writestr(_entry(name), data)
    partial.replace(destination)
    return Size(destination.stat().st_size, unzipped)


def _merged(trees: Iterable[Tree]) -> dict[str, Path]:
    """All files; a top-level name belongs to the first tree that has it, as on a search path."""
    merged: dict[str, Path] = {}
    taken: set[str] = set()
    for tree in trees:
        new = {name: path for name, path in tree.files() if _top(name) not in taken}
        merged = new | merged
        taken.update(_top(name) for name in new)
        taken.discard("__pycache__")  # shared by all modules of the top level
    return merged


def _top(name: str) -> str:
    return name.split("/")[0]


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = _REGULAR_READABLE
    entry.create_system = 3
    return entry

"""Fingerprints of what a build is made from."""

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from infra.build.contents import Bundle, Source
from infra.build.errors import BuildError

_IGNORED = ("__pycache__", ".DS_Store")


def digest(*parts: str | bytes) -> str:
    """One fingerprint of all parts; their order and borders count."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def recipe() -> str:
    """The fingerprint of this package's own code and of what it builds with."""
    code = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return digest(sys.version, version("chalice"), *code)


def content(root: Path, bundle: Bundle) -> str:
    """The fingerprint of all files of the checkout that a bundle ships, and of its pins."""
    parts: list[str | bytes] = [content(root, part) for part in bundle.parts]
    for place, path in files_of(root, bundle.sources):
        parts += [place, path.read_bytes()]
    if bundle.requirements:
        parts.append((root / bundle.requirements.lock).read_bytes())
    return digest(*parts)


def files_of(root: Path, sources: tuple[Source, ...]) -> Iterator[tuple[str, Path]]:
    """Each file that the sources name, with its place in the bundle."""
    for source in sources:
        start = root / source.path
        if start.is_file():
            yield source.place, start
        elif start.is_dir():
            yield from _files_below(start, source)
        else:
            raise BuildError(
                f"{source.path} is missing, and a bundle ships it. Restore it, or change "
                "infra/build/contents.py."
            )


def _files_below(start: Path, source: Source) -> Iterator[tuple[str, Path]]:
    for path in sorted(start.rglob("*")):
        inside = path.relative_to(start)
        if any(part in _IGNORED for part in inside.parts) or _is_left_out(inside, source):
            continue
        if path.is_file():
            yield f"{source.place}/{inside.as_posix()}", path


def _is_left_out(inside: Path, source: Source) -> bool:
    return any(inside.is_relative_to(path) for path in source.without)

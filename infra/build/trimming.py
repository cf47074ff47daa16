"""Removes from installed packages what no running function reads."""

import shutil
from pathlib import Path

from infra.build import botocore_data
from infra.build.contents import (
    AWS_SERVICES,
    METADATA_READ,
    USELESS_FOLDERS,
    USELESS_PATHS,
    USELESS_SUFFIXES,
)


def trim(tree: Path, without: tuple[str, ...] = ()) -> None:
    """Leave of an installed tree what running code reads."""
    for useless in (*USELESS_PATHS, *without):
        for path in list(tree.glob(useless)):
            _remove(path)
    for metadata in tree.glob("*.dist-info"):
        _reduce_metadata(metadata)
    for path in sorted(tree.rglob("*")):
        if path.name in USELESS_FOLDERS or path.name.endswith(USELESS_SUFFIXES):
            _remove(path)
    if (tree / "botocore").is_dir():
        botocore_data.trim(tree / "botocore" / "data", AWS_SERVICES)


def _reduce_metadata(metadata: Path) -> None:
    if not metadata.name.startswith(METADATA_READ):
        return _remove(metadata)
    for path in metadata.iterdir():
        if path.name != "METADATA":
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

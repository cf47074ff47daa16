"""Botocore's data, reduced to the services used: less to ship, less to parse at a cold start."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

_PARTITION = "aws"
_GENERAL = ("_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json")
_UNREAD = "examples-1"


def trim(data: Path, services: tuple[str, ...]) -> None:
    """Leave the newest version of these services, the aws partition and the general files."""
    for path in data.iterdir():
        if path.is_dir() and path.name in services:
            _trim_service(path)
        elif path.is_dir():
            shutil.rmtree(path)
        elif path.name not in _GENERAL:
            path.unlink()
    _trim_endpoints(data / "endpoints.json", services)


def _trim_service(service: Path) -> None:
    *old, newest = sorted(service.iterdir())
    for version in old:
        shutil.rmtree(version)
    for path in sorted(newest.iterdir()):
        if path.name.startswith(_UNREAD):
            path.unlink()
        else:
            _unpack(path)


def _unpack(path: Path) -> None:
    """Write a file without compression and documentation: the zip compresses, nobody reads."""
    raw = path.read_bytes()
    value = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    path.unlink()
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    plain.write_text(_compact(undocumented(value)))


def undocumented(value: Any) -> Any:
    """The same value without its documentation strings."""
    if isinstance(value, dict):
        return {
            key: undocumented(inner)
            for key, inner in value.items()
            if not (key == "documentation" and isinstance(inner, str))
        }
    return [undocumented(inner) for inner in value] if isinstance(value, list) else value


def _trim_endpoints(path: Path, services: tuple[str, ...]) -> None:
    endpoints = json.loads(path.read_bytes())
    kept = [part for part in endpoints["partitions"] if part["partition"] == _PARTITION]
    for partition in kept:
        partition["services"] = {
            name: service for name, service in partition["services"].items() if name in services
        }
    path.write_text(_compact({**endpoints, "partitions": kept}))


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))

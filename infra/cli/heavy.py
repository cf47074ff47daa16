"""The libraries that only workers have: no module that the API imports may name them at its top."""

import re
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from infra.build.contents import NEVER_IMPORTED
from infra.build.dependencies import shipped_pins
from infra.build.profiles import lock_of

EXEMPT = ("layers/model/training/**", "tests/**", "infra/**")
"""What no function ships."""


def heavy_imports(root: Path) -> list[str]:
    """Top-level import names of the layers' distributions that the API does not carry."""
    heavy = {
        name
        for lock in root.glob(lock_of("*"))
        for name in _names(shipped_pins(lock.read_text(), NEVER_IMPORTED))
    }
    heavy -= _names((root / "requirements.txt").read_text().splitlines())
    return sorted(
        name
        for name, distributions in packages_distributions().items()
        if name.isidentifier() and any(_normal(each) in heavy for each in distributions)
    )


def carried_imports(root: Path) -> frozenset[str]:
    """Top-level import names of what the API carries."""
    carried = _names((root / "requirements.txt").read_text().splitlines())
    return frozenset(
        name
        for name, distributions in packages_distributions().items()
        if any(_normal(each) in carried for each in distributions)
    )


def ruff_options(root: Path) -> list[str]:
    """What makes ruff's TID253 refuse them."""
    names = ", ".join(f'"{name}"' for name in heavy_imports(root))
    options = ["--config", f"lint.flake8-tidy-imports.banned-module-level-imports = [{names}]"]
    for pattern in EXEMPT:
        options += ["--extend-per-file-ignores", f"{pattern}:TID253"]
    return options


def _names(pins: Iterable[str]) -> set[str]:
    matches = (re.match(r"[A-Za-z0-9._-]+", pin) for pin in pins)
    return {_normal(match[0]) for match in matches if match}


def _normal(name: str) -> str:
    """As PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()

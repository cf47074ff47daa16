"""The libraries that only workers have: no module that the API imports may name them at its top."""

import re
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from infra.build.contents import MODEL_DEPS
from infra.build.dependencies import shipped_pins

EXEMPT = ("layers/model/training/**", "tests/**", "infra/**")
"""What no function ships."""


def heavy_imports(root: Path) -> list[str]:
    """Top-level import names of the model layer's distributions that the API does not carry."""
    needs = MODEL_DEPS.requirements
    assert needs  # a layer of dependencies has a list of them
    heavy = _names(shipped_pins((root / needs.lock).read_text(), needs.omit))
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

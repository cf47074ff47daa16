from collections.abc import Callable

import pytest

from infra.build import BuildError
from infra.build.contents import API, MODEL, Source
from infra.build.digests import content, digest, files_of
from infra.workspace import Workspace


def test_the_borders_between_parts_count() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_bytecode_of_a_checkout_is_no_input(
    workspace: Workspace, change: Callable[[str, str], None]
) -> None:
    before = content(workspace.root, MODEL)

    change("layers/model/python/ml_models/__pycache__/one.pyc", "anything")

    assert content(workspace.root, MODEL) == before


def test_pins_are_an_input(workspace: Workspace, change: Callable[[str, str], None]) -> None:
    before = content(workspace.root, API)

    change("requirements.txt", "light==2.0")

    assert content(workspace.root, API) != before


def test_a_missing_source_is_named(workspace: Workspace) -> None:
    with pytest.raises(BuildError, match="nowhere is missing"):
        list(files_of(workspace.root, (Source("nowhere", "nowhere"),)))

"""The real build of this checkout: what `./run.sh up` deploys."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.build import Built, Target, build
from infra.deploy import artefacts
from infra.workspace import Workspace
from tests.infrastructure.documents import Translated, translate


@pytest.fixture(scope="session")
def built() -> Built:
    """This checkout's bundles, layers and template for the embedded emulator."""
    return build(Workspace.of_checkout(), Target.EMBEDDED)


@pytest.fixture(scope="session")
def merged(built: Built) -> dict[str, Any]:
    """The expanded template, before the SAM transform."""
    return artefacts.read_document(built.template)


@pytest.fixture(scope="session")
def translated(built: Built) -> Translated:
    """What CloudFormation works on."""
    return translate(built)


@pytest.fixture(scope="session")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each archive as the emulator or Lambda unpacks it."""
    home = tmp_path_factory.mktemp("unpacked")
    for name, path in built.archives.items():
        with ZipFile(path) as archive:
            archive.extractall(home / name)
    return {name: home / name for name in built.archives}

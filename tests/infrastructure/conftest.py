"""The real build of this checkout: what `./run.sh up` deploys."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.build import Built, Target, build
from infra.workspace import Workspace


@pytest.fixture(scope="session")
def built() -> Built:
    """This checkout's bundles, layers and template for the embedded emulator."""
    return build(Workspace.of_checkout(), Target.EMBEDDED)


@pytest.fixture(scope="session")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each archive as the emulator or Lambda unpacks it."""
    home = tmp_path_factory.mktemp("unpacked")
    for name, path in built.archives.items():
        with ZipFile(path) as archive:
            archive.extractall(home / name)
    return {name: home / name for name in built.archives}

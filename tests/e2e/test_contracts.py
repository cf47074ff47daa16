"""The adapters keep the promises of the ports on the embedded emulator too.

It has a parser of PartiQL and of conditions that is neither ours nor moto's.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.adapter_contracts import *  # noqa: F403  # pytest collects them here
from tests.contracts import Box, Chute, Gauged, Line, Stores
from tests.emulators import aws, running, workspace_in
from tests.endpoint import MakeClient, box_at, chute_at, gauged_at, line_at, stores_at


@pytest.fixture(scope="module")
def make_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeClient]:
    workspace = workspace_in(tmp_path_factory.mktemp("emulator"))
    with running(workspace):
        yield partial(aws, workspace)


@pytest.fixture
def stores(make_client: MakeClient) -> Iterator[Stores]:
    with stores_at(make_client) as stores:
        yield stores


@pytest.fixture
def line(make_client: MakeClient) -> Iterator[Line]:
    with line_at(make_client) as line:
        yield line


@pytest.fixture
def gauged(make_client: MakeClient) -> Iterator[Gauged]:
    with gauged_at(make_client) as gauged:
        yield gauged


@pytest.fixture
def box(make_client: MakeClient) -> Iterator[Box]:
    with box_at(make_client) as box:
        yield box


@pytest.fixture
def chute(make_client: MakeClient) -> Iterator[Chute]:
    with chute_at(make_client) as chute:
        yield chute

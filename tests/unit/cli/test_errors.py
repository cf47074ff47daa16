"""Every foreseen failure has its sentences; the others keep their traceback."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.errors import Unavailable
from chalicelib.inference import ModelDefinitionError
from infra.build import BuildError
from infra.cli.errors import explain
from infra.deploy.errors import NothingDeployed
from infra.emulator.errors import PortTaken
from infra.local.errors import NotUp


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotUp("Its emulator does not run."), "Start it: ./run.sh up"),
        (PortTaken(8000, "PORT", "process 7"), "PORT=8001 ./run.sh up"),
        (BuildError("pip could not install it. Check the network."), "Check the network."),
        (NothingDeployed("lambent"), "./run.sh up"),
        (ModelDefinitionError("one.py:3: id 0 is not positive"), "one.py:3"),
        (Unavailable("The table does not answer"), "./run.sh status"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "./run.sh up"),
        (ClientError({"Error": {"Code": "Throttling"}}, "Query"), "Throttling"),
        (PermissionError(13, "Permission denied", ".local"), ".local: Permission denied"),
    ],
)
def test_a_foreseen_failure_is_told_in_sentences(error: Exception, said: str) -> None:
    sentences = explain(error)

    assert sentences
    assert said in "\n".join(sentences)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("by zero"), BrokenPipeError(32, "Broken pipe")]
)
def test_what_nobody_foresaw_is_not_explained_away(error: Exception) -> None:
    assert explain(error) is None

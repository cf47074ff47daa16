"""A LocalStack for the adapters: the one at LOCALSTACK_ENDPOINT, or a container of its own."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import docker
import pytest
from pytest_localstack.session import LocalstackSession, RunningSession

from infra.local.errors import Trouble
from infra.localstack.engine import require_engine
from infra.localstack.identity import address, require_usable
from infra.localstack.pinned import BY_HAND, VARIABLE, VERSION

REGION = "us-east-1"
ADAPTERS = ("dynamodb", "sqs")
MISSING = (
    f"No Docker engine answers, and {VARIABLE} names no LocalStack. To run this: {BY_HAND}, "
    f"then {VARIABLE}=http://127.0.0.1:4566 ./run.sh test"
)


def can_be_had() -> bool:
    """Whether there is one, or a Docker engine; without both, the session would be an error."""
    if os.environ.get(VARIABLE):
        return True
    try:
        require_engine()
    except Trouble:
        return False
    return True


@pytest.fixture(scope="session")
def localstack() -> Iterator[RunningSession]:
    """A session of pytest-localstack, started before any client is made."""
    named = os.environ.get(VARIABLE)
    with _running(address(named)) if named else _container() as session:
        yield session


@pytest.fixture(scope="session")
def host(localstack: RunningSession) -> str:
    """Its name and port, as localstack-client wants them."""
    return urlsplit(localstack.endpoint_url("sqs")).netloc


def _running(endpoint: str) -> RunningSession:
    require_usable(endpoint)  # one that is named and of no use is an error, and tells its cure
    place = urlsplit(endpoint)
    port = place.port or {"http": 80, "https": 443}[place.scheme]
    return RunningSession(
        place.hostname,
        services={name: port for name in ADAPTERS},
        region_name=REGION,
        use_ssl=place.scheme == "https",
        localstack_version=VERSION,
    )


def _container() -> LocalstackSession:
    """It has no socket of Docker's: enough for tables and queues, not for functions."""
    return LocalstackSession(
        docker.from_env(),
        services=list(ADAPTERS),
        region_name=REGION,
        localstack_version=VERSION,
        container_env={"SERVICES": ",".join(ADAPTERS), "PROVIDER_OVERRIDE_DYNAMODB": "v2"},
    )

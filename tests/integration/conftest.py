import json
from collections.abc import Iterator

import pytest

from chalicelib.api import wiring
from chalicelib.api.composition import Services
from chalicelib.domain.access import Policy
from chalicelib.domain.accounts.callers import Origin
from chalicelib.settings import settings
from tests.integration.api import Api, services_over
from tests.integration.client import Client
from tests.integration.cloud import Cloud, connect, deployed
from tests.integration.sweeper import Sweeper
from tests.integration.undertaker import Undertaker
from tests.integration.worker import Worker
from tests.world import Person, World


@pytest.fixture(scope="session")
def connected() -> Iterator[Cloud]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        environment.setenv("AWS_CONFIG_FILE", "/dev/null")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        yield connect()


@pytest.fixture
def cloud(connected: Cloud) -> Iterator[Cloud]:
    """Empty tables, queue and secret."""
    with deployed(connected) as cloud:
        yield cloud


@pytest.fixture
def worker(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The worker's own handler, on these tables."""
    monkeypatch.setenv("PREDICTIONS_TABLE", cloud.settings.predictions_table)
    monkeypatch.setenv("USAGE_TABLE", cloud.settings.usage_table)
    monkeypatch.setenv("CATALOGUE_TABLE", cloud.settings.catalogue_table)
    monkeypatch.setenv("QUEUES", json.dumps(cloud.settings.queues))
    settings.cache_clear()
    # Imported here: it composes itself while it is imported, from its environment.
    from functions.worker.handler import handler

    return Worker(handler, cloud)


@pytest.fixture
def sweeper(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Sweeper:
    """The sweeper's own handler, on these tables and queues."""
    monkeypatch.setenv("PREDICTIONS_TABLE", cloud.settings.predictions_table)
    monkeypatch.setenv("USAGE_TABLE", cloud.settings.usage_table)
    monkeypatch.setenv("QUEUES", json.dumps(cloud.settings.queues))
    settings.cache_clear()
    # Imported here: it composes itself while it is imported, from its environment.
    from functions.sweeper.handler import handler

    return Sweeper(handler)


@pytest.fixture
def undertaker(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Undertaker:
    """The undertaker's own handler, on these tables and queues."""
    monkeypatch.setenv("PREDICTIONS_TABLE", cloud.settings.predictions_table)
    monkeypatch.setenv("USAGE_TABLE", cloud.settings.usage_table)
    monkeypatch.setenv("CATALOGUE_TABLE", cloud.settings.catalogue_table)
    monkeypatch.setenv("QUEUES", json.dumps(cloud.settings.queues))
    settings.cache_clear()
    # Imported here: it composes itself while it is imported, from its environment.
    from functions.undertaker.handler import handler

    return Undertaker(handler)


@pytest.fixture
def mailer(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The mailer's own handler, on these tables."""
    monkeypatch.setenv("PUBLIC_URL", "https://ml.example.com")
    for name in ("accounts_table", "mail_sender"):
        monkeypatch.setenv(name.upper(), getattr(cloud.settings, name))
    settings.cache_clear()
    # Imported here: it composes itself while it is imported, from its environment.
    from functions.mailer.handler import handler

    return Worker(handler, cloud)


@pytest.fixture
def eraser(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The eraser's own handler, on these tables."""
    for name in ("accounts_table", "predictions_table", "usage_table", "erasure_queue_url"):
        monkeypatch.setenv(name.upper(), getattr(cloud.settings, name))
    settings.cache_clear()
    # Imported here: it composes itself while it is imported, from its environment.
    from functions.eraser.handler import handler

    return Worker(handler, cloud)


@pytest.fixture
def services(cloud: Cloud) -> Iterator[Services]:
    """The API composed as it is when deployed."""
    settings.cache_clear()
    services = wiring.compose(cloud.settings)
    wiring.use(services)
    yield services
    wiring.use(None)
    settings.cache_clear()


@pytest.fixture
def client(cloud: Cloud, services: Services, world: World) -> Client:
    """Somebody who may use both models."""
    client = Client(Api(world), cloud)
    services.policymaking.ensure([Policy(1, "base", 1000, 30000)], Origin())
    for model in ("temperature", "sentiment"):
        services.granting.grant(client.user["id"], model, 1, Origin())
    return client


@pytest.fixture
def world() -> World:
    """Fakes, and the models that are really served."""
    return World(wiring.catalogue())


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    """The app of this process (Chalice registers its routes once), served from the fakes."""
    settings.cache_clear()
    wiring.use(services_over(world))
    yield Api(world)
    wiring.use(None)
    settings.cache_clear()


@pytest.fixture
def ada(world: World) -> Person:
    """May use the model `temperature`, without limits."""
    ada = world.somebody()
    world.grant(ada, "temperature")
    return ada


@pytest.fixture
def root(world: World) -> Person:
    """A superuser."""
    return world.somebody(is_superuser=True)

import json
import time
from collections.abc import Callable, Iterator

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


Tell = Callable[..., None]


@pytest.fixture
def tell(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Puts these settings of the cloud, and others, into the environment of a function.

    Its handler is imported after that: it composes itself meanwhile, from its environment.
    """

    def told(*names: str, **others: str) -> None:
        of_cloud = {name: getattr(cloud.settings, name) for name in names}
        for name, value in {**of_cloud, **others}.items():
            text = value if isinstance(value, str) else json.dumps(value)
            monkeypatch.setenv(name.upper(), text)
        settings.cache_clear()

    return told


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were to be slept; nobody sleeps them."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.fixture
def worker(cloud: Cloud, tell: Tell) -> Worker:
    """The worker's own handler, on these tables."""
    tell("predictions_table", "usage_table", "catalogue_table", "queues")
    from functions.worker.handler import handler

    return Worker(handler, cloud)


@pytest.fixture
def sweeper(tell: Tell) -> Sweeper:
    """The sweeper's own handler, on these tables and queues."""
    tell("predictions_table", "usage_table", "queues")
    from functions.sweeper.handler import handler

    return Sweeper(handler)


@pytest.fixture
def undertaker(tell: Tell) -> Undertaker:
    """The undertaker's own handler, on these tables and queues."""
    tell("predictions_table", "usage_table", "catalogue_table", "queues")
    from functions.undertaker.handler import handler

    return Undertaker(handler)


@pytest.fixture
def mailer(cloud: Cloud, tell: Tell) -> Worker:
    """The mailer's own handler, on these tables."""
    tell("accounts_table", "mail_sender", public_url="https://ml.example.com")
    from functions.mailer.handler import handler

    return Worker(handler, cloud)


@pytest.fixture
def eraser(cloud: Cloud, tell: Tell) -> Worker:
    """The eraser's own handler, on these tables."""
    tell("accounts_table", "predictions_table", "usage_table", "erasure_queue_url")
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

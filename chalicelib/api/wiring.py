"""The composition root of the API: which adapters stand behind which use case."""

import time
from dataclasses import dataclass

from chalicelib.adapters import tables
from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts import AccountTable
from chalicelib.adapters.aws import client
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.probes import queue_probe, table_probe
from chalicelib.adapters.queue import SqsQueue
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.signing import KeyRing, secret_reader
from chalicelib.adapters.tokens import JwtTokens
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services import ports
from chalicelib.services.accounts import Accounts
from chalicelib.services.authentication import Authentication
from chalicelib.services.granting import Granting
from chalicelib.services.health import Health
from chalicelib.services.reading import Reading
from chalicelib.services.submission import Submission
from chalicelib.settings import Settings, settings

ATTEMPTS = 2
"""Tries of an AWS call, so that a request ends well within API Gateway's 29 s."""


@dataclass(frozen=True)
class Ports:
    """Every adapter, or its fake."""

    reader: ports.Reader
    accounts: ports.Accounts
    access: ports.Access
    predictions: ports.Predictions
    queue: ports.JobQueue
    passwords: ports.Passwords
    tokens: ports.Tokens
    health: Health
    clock: ports.Clock


class Services:
    """Every use case, composed once over the same ports."""

    def __init__(self, ports: Ports, catalogue: Catalogue, settings: Settings) -> None:
        clock = ports.clock
        self.clock = clock
        self.catalogue = catalogue
        self.tokens = ports.tokens
        self.health = ports.health
        self.access = ports.access
        self.users = ports.accounts
        self.authentication = Authentication(ports.reader, clock)
        self.accounts = Accounts(ports.accounts, ports.passwords, ports.tokens, clock, settings)
        self.granting = Granting(ports.accounts, ports.access, catalogue, clock)
        self.reading = Reading(self.authentication, catalogue, clock)
        self.submission = Submission(
            self.authentication, ports.predictions, ports.queue, catalogue, clock
        )


_catalogue: Catalogue | None = None
_services: Services | None = None


def catalogue() -> Catalogue:
    """The models of this process, found once."""
    global _catalogue
    _catalogue = _catalogue or Catalogue.discover()
    return _catalogue


def services() -> Services:
    """The use cases of this process, on real adapters unless `use` said otherwise."""
    global _services
    _services = _services or compose(settings())
    return _services


def use(services: Services | None) -> None:
    """Serve from these from now on; None goes back to the real ones. For tests."""
    global _services
    _services = services


def warm() -> None:
    """Compose now if there is something deployed to talk to: Lambda's init has a full CPU."""
    if settings().accounts_table:
        services()


def compose(settings: Settings) -> Services:
    """The use cases on AWS, or on whatever AWS_ENDPOINT_URL names."""
    dynamodb, sqs = client("dynamodb", ATTEMPTS), client("sqs", ATTEMPTS)
    tables.bind(settings, dynamodb)
    ring = KeyRing(secret_reader(client("secretsmanager", ATTEMPTS), settings.signing_secret))
    return Services(
        Ports(
            reader=TableReader(dynamodb, settings),
            accounts=AccountTable(dynamodb),
            access=AccessTable(dynamodb, settings),
            predictions=PredictionTable(dynamodb, settings),
            queue=SqsQueue(sqs, settings.interactive_queue_url),
            passwords=Argon2Passwords(settings),
            tokens=JwtTokens(ring, settings.access_token_seconds),
            health=Health(
                {
                    "table": table_probe(dynamodb, settings.predictions_table),
                    "queue": queue_probe(sqs, settings.interactive_queue_url),
                }
            ),
            clock=now,
        ),
        catalogue(),
        settings,
    )


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000

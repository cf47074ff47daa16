"""The composition root of the API: which adapters stand behind which use case."""

import time

from chalicelib.adapters.access import AccessTable
from chalicelib.adapters.accounts.api_keys import ApiKeyTable
from chalicelib.adapters.accounts.audit import AuditTable
from chalicelib.adapters.accounts.counters import CounterTable
from chalicelib.adapters.accounts.one_time_tokens import OneTimeTokenTable
from chalicelib.adapters.accounts.outbox import SqsOutbox
from chalicelib.adapters.accounts.passwords import Argon2Passwords
from chalicelib.adapters.accounts.sessions import SessionTable
from chalicelib.adapters.accounts.signing import KeyRing, secret_reader
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.adapters.accounts.users import UserTable
from chalicelib.adapters.aws import client
from chalicelib.adapters.cursors import SignedCursors
from chalicelib.adapters.dead_letters import DeadLetterTable
from chalicelib.adapters.erasures import SqsErasures
from chalicelib.adapters.figures import FigureTable
from chalicelib.adapters.gauge import SqsGauge
from chalicelib.adapters.policies import PolicyTable
from chalicelib.adapters.predictions import PredictionTable
from chalicelib.adapters.probes import queue_probe, table_probe
from chalicelib.adapters.queue import SqsQueue, named
from chalicelib.adapters.reader import TableReader
from chalicelib.adapters.switches import SwitchTable
from chalicelib.adapters.tables import binding
from chalicelib.adapters.usage import UsageTable
from chalicelib.api.composition import Ports, Services
from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.health import Health
from chalicelib.settings import Settings, settings

ATTEMPTS = 2
"""Tries of an AWS call, so that a request ends well within API Gateway's 29 s."""


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


def compose(settings: Settings, models: Catalogue | None = None) -> Services:
    """The use cases on AWS, or on whatever AWS_ENDPOINT_URL names; of this process's models."""
    return Services(ports(settings), models or catalogue(), settings)


def ports(settings: Settings) -> Ports:
    """Every adapter on AWS, or on whatever AWS_ENDPOINT_URL names."""
    dynamodb, sqs = client("dynamodb", ATTEMPTS), client("sqs", ATTEMPTS)
    binding.bind(settings, dynamodb)
    ring = KeyRing(secret_reader(client("secretsmanager", ATTEMPTS), settings.signing_secret))
    return Ports(
        reader=TableReader(dynamodb, settings),
        users=UserTable(dynamodb),
        sessions=SessionTable(),
        api_keys=ApiKeyTable(),
        one_time_tokens=OneTimeTokenTable(),
        counters=CounterTable(dynamodb, settings),
        trail=AuditTable(),
        outbox=SqsOutbox(sqs, settings.mail_queue_url),
        erasures=SqsErasures(sqs, settings.erasure_queue_url),
        dead_letters=DeadLetterTable(dynamodb, settings),
        cursors=SignedCursors(ring),
        policies=PolicyTable(dynamodb),
        access=AccessTable(dynamodb, settings),
        usage=UsageTable(dynamodb, settings),
        switches=SwitchTable(dynamodb, settings),
        figures=FigureTable(dynamodb, settings),
        gauge=SqsGauge(
            sqs,
            {
                **named(settings.queues),
                "mail": settings.mail_queue_url,
                "erasures": settings.erasure_queue_url,
            },
        ),
        predictions=PredictionTable(dynamodb, settings),
        queue=SqsQueue(sqs, settings.queues),
        passwords=Argon2Passwords(settings),
        tokens=JwtTokens(ring, settings.access_token_seconds),
        public_keys=ring.jwks,
        health=Health(
            {
                "table": table_probe(dynamodb, settings.predictions_table),
                "queue": queue_probe(sqs, settings.queues["light"]["interactive"]),
            }
        ),
        clock=now,
        sleep=time.sleep,
    )


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000

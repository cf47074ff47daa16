"""The adapters keep the promises of the ports, on moto."""

import pytest

from chalicelib.adapters.accounts.outbox import SqsOutbox, letter_of
from chalicelib.adapters.accounts.passwords import Argon2Passwords
from chalicelib.adapters.accounts.postman import SesPostman
from chalicelib.adapters.accounts.signing import KeyRing, secret_reader
from chalicelib.adapters.accounts.tokens import JwtTokens
from chalicelib.adapters.cursors import SignedCursors
from tests.adapter_contracts import *  # noqa: F403  # pytest collects them here
from tests.contracts import (
    Box,
    Chute,
    CursorsContract,
    Gauged,
    Line,
    PasswordsContract,
    Post,
    PostmanContract,
    Stores,
    TokensContract,
)
from tests.endpoint import chute_of, gauge_of, line_of, table_stores
from tests.integration.cloud import SENDER, Cloud


@pytest.fixture
def stores(cloud: Cloud) -> Stores:
    return table_stores(cloud.dynamodb, cloud.settings)


@pytest.fixture
def line(cloud: Cloud) -> Line:
    return line_of(cloud.sqs, cloud.settings.queues)


@pytest.fixture
def box(cloud: Cloud) -> Box:
    url = cloud.settings.mail_queue_url
    outbox = SqsOutbox(cloud.sqs, url)
    return Box(outbox, lambda: [letter_of(record["body"]) for record in cloud.received(url)])


@pytest.fixture
def chute(cloud: Cloud) -> Chute:
    return chute_of(cloud.sqs, cloud.settings.erasure_queue_url)


@pytest.fixture
def gauged(cloud: Cloud) -> Gauged:
    settings = cloud.settings
    mail, erasures = settings.mail_queue_url, settings.erasure_queue_url
    return gauge_of(cloud.sqs, settings.queues, mail, erasures)


@pytest.fixture
def post(cloud: Cloud) -> Post:
    return Post(SesPostman(cloud.ses, SENDER), cloud.mails)


@pytest.fixture
def ring(cloud: Cloud) -> KeyRing:
    return KeyRing(secret_reader(cloud.secrets, "signing"))


@pytest.fixture
def cursors(ring: KeyRing) -> SignedCursors:
    return SignedCursors(ring)


@pytest.fixture
def passwords(connected: Cloud) -> Argon2Passwords:
    return Argon2Passwords(connected.settings)


@pytest.fixture
def tokens(ring: KeyRing) -> JwtTokens:
    return JwtTokens(ring, lifetime=900)


class TestSesPostman(PostmanContract):
    pass


class TestSignedCursors(CursorsContract):
    pass


class TestArgon2Passwords(PasswordsContract):
    pass


class TestJwtTokens(TokensContract):
    pass

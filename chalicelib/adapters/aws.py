"""One botocore session, and clients tuned for a function that has no time to lose."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from chalicelib.errors import Unavailable
from chalicelib.observability import logger

Client = Any
"""botocore makes its clients at run time: they have no type of their own."""

CONNECT_SECONDS = 1
READ_SECONDS = 2
CONNECTIONS = 4
"""The most that a client keeps, and so the most that can be asked of it at a time."""


@lru_cache(maxsize=1)
def session() -> Session:
    """The session that all clients of a process share; loading a second one costs as much."""
    return Session()


def client(service: str, attempts: int) -> Client:
    """A client that gives up early: botocore's own 60 s outlive API Gateway's 29 s.

    A short user agent and no parameter validation save a quarter of the CPU of a call; not
    looking for an account's own endpoint, a host prefix or something to compress, a twelfth.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        parameter_validation=False,
        user_agent="lambent",
        max_pool_connections=CONNECTIONS,
        account_id_endpoint_mode="disabled",
        inject_host_prefix=False,
        disable_request_compression=True,
    )
    return session().create_client(service, config=config)


@contextmanager
def available(what: str, *causes: type[Exception]) -> Iterator[None]:
    """Turn any failure to reach AWS into Unavailable, logged with its cause."""
    caught: tuple[type[Exception], ...] = (BotoCoreError, ClientError, *causes)
    try:
        yield
    except caught as error:
        logger.error("aws call failed", target=what, reason=str(error)[:500])
        raise Unavailable(f"The {what} does not answer, try again", retry_after=1) from error

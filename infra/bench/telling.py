"""Whether the time of an answer tells if an address has an account."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from infra.bench.alone import Values
from infra.bench.clients import Connection, request
from infra.bench.drain import wait_until_idle
from infra.bench.errors import Unmeasured
from infra.bench.orders import Order
from infra.bench.samples import percentile
from infra.bench.stack import FORM, LOGIN, Stack

SAMPLES = 200
ACCOUNTS = 50
"""Of each sort: four wrong passwords each, a sixth would have to wait."""
WARMING = 12
ALLOWED_MS, ALLOWED_PART = 15, 0.1

SORTS = KNOWN, UNKNOWN = "known", "unknown"
Addresses = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Route:
    """One that is asked about an address, and answers all with this status."""

    path: str
    status: int
    body: Callable[[str], str]
    media_type: str = "application/json"


def _as_form(address: str) -> str:
    return urlencode({"username": address, "password": "not anybody's password"})


def _as_json(address: str) -> str:
    return json.dumps({"email": address})


ROUTES = {
    "login": Route(LOGIN, 400, _as_form, FORM),
    "forgot": Route("/api/v1/auth/forgot-password", 202, _as_json),
    "verify": Route("/api/v1/auth/request-verify-token", 202, _as_json),
}


def addresses(stack: Stack) -> Addresses:
    """As many with an account as without one, all equally long."""
    found = {sort: [f"{sort:_<8}{n}@example.com" for n in range(ACCOUNTS)] for sort in SORTS}
    for address in found[KNOWN]:
        stack.register(address)
    return found


def told(stack: Stack, name: str, asked: Addresses) -> Values:
    """The median (ms) of each sort, and how far they are apart, in what is allowed."""
    route = ROUTES[name]
    samples = asyncio.run(_sampled(route, asked, stack.workspace.port))
    wait_until_idle(stack, "MailQueueUrl")  # or the next route would be asked beside this mail
    known, unknown = (percentile(samples[sort], 50) for sort in SORTS)
    return {
        f"told.{name}.{KNOWN}": known,
        f"told.{name}.{UNKNOWN}": unknown,
        f"told.{name}.apart": apart(known, unknown),
    }


def apart(one: float, other: float) -> float:
    """The difference as part of the allowed one: 15 ms, or 10 % if that is more."""
    return abs(one - other) / max(ALLOWED_MS, ALLOWED_PART * min(one, other))


def in_turn(samples: int) -> Iterator[tuple[str, int]]:
    """Sorts and numbers of accounts: each sort follows itself as often as the other one.

    For what an answer leaves behind, a mail to write, is done while the next is awaited.
    """
    for n in range(samples):
        for sort in SORTS if n % 2 else reversed(SORTS):
            yield sort, n % ACCOUNTS


async def _sampled(route: Route, asked: Addresses, port: int) -> dict[str, list[float]]:
    order = Order(port, route.path, (), 1, media_type=route.media_type)
    connection = await Connection.open(port)
    found: dict[str, list[float]] = {sort: [] for sort in SORTS}

    async def ask(address: str) -> float:
        post = request("POST", route.path, order, route.body(address))
        sent = time.perf_counter()
        status, answer = await connection.ask(post)
        if status != route.status:
            raise Unmeasured(f"The API ({route.path})", f"{status} {answer.decode()}")
        return (time.perf_counter() - sent) * 1000

    for n in range(WARMING):
        await ask(f"warming_{n}@example.com")
    for sort, n in in_turn(SAMPLES):
        found[sort].append(await ask(asked[sort][n]))
    await connection.close()
    return found

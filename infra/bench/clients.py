"""`python -m infra.bench.clients`: the load, in a process of its own, and cheap beside its target.

Reads one JSON document (an `Order`) from standard input and prints one (a `Tally`). Bare
HTTP/1.1 on kept connections: a library's client would cost more than the submit it sends.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Order:
    """So many submits by so many clients; `follow` reads each result before the next submit."""

    port: int
    token: str
    path: str
    body: str
    clients: int
    submits: int
    follow: bool = False
    pause: float = 0.0


@dataclass
class Tally:
    """What became of them; `latencies` in ms, from sending to having read the result."""

    seconds: float = 0.0
    cpu: float = 0.0
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Tally":
        """As `main` printed it."""
        found = json.loads(text)
        statuses = Counter({int(status): n for status, n in found.pop("statuses").items()})
        return cls(**found, statuses=statuses)


class Connection:
    """A kept connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """To a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self._reader.readexactly(length)

    async def close(self) -> None:
        """Let go."""
        self._writer.close()
        await self._writer.wait_closed()


def request(method: str, path: str, order: Order, body: str = "") -> bytes:
    """A whole request as bytes."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{order.port}",
        f"Authorization: Bearer {order.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join([*lines, "", ""]) + body).encode()


async def carry_out(order: Order) -> Tally:
    """All clients at once, until the last submit is answered."""
    tally, left = Tally(), iter(range(order.submits))
    connections = [await Connection.open(order.port) for _ in range(order.clients)]
    began = time.perf_counter()
    await asyncio.gather(*(_client(order, each, left, tally) for each in connections))
    tally.seconds = time.perf_counter() - began
    for each in connections:
        await each.close()
    return tally


async def _client(order: Order, connection: Connection, left: Iterator[int], tally: Tally) -> None:
    submit = request("POST", order.path, order, order.body)
    for _ in left:
        sent = time.perf_counter()
        status, body = await connection.ask(submit)
        tally.requests += 1
        tally.statuses[status] += 1
        if order.follow and status == 202:
            await _follow(order, connection, json.loads(body)["id"], tally)
            tally.latencies.append((time.perf_counter() - sent) * 1000)
        if order.pause:
            await asyncio.sleep(order.pause)


async def _follow(order: Order, connection: Connection, prediction: str, tally: Tally) -> None:
    """Ask until there is a result, without a pause between."""
    read = request("GET", f"/api/v1/predictions/{prediction}", order)
    while True:
        tally.requests += 1
        _, body = await connection.ask(read)
        if json.loads(body)["done"]:
            return


def main() -> None:
    """Carry out the order on standard input."""
    order = Order(**json.load(sys.stdin))
    began = time.process_time()
    tally = asyncio.run(carry_out(order))
    tally.cpu = time.process_time() - began
    print(json.dumps(vars(tally)))


if __name__ == "__main__":
    main()

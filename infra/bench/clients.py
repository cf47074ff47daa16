"""`python -m infra.bench.clients`: the load, in a process of its own, and cheap beside its target.

Reads a JSON list (of `Order`) from standard input and prints one (of `Tally`). Bare HTTP/1.1 on
kept connections: a library's client would cost more than the submit it sends.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterable, Iterator

from infra.bench.orders import Order, Tally


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
        *([f"Authorization: Bearer {order.token}"] if order.token else []),
        f"Content-Type: {order.media_type}",
        f"Content-Length: {len(body.encode())}",
    ]
    return ("\r\n".join([*lines, "", ""]) + body).encode()


async def carry_out(first: Order, *others: Order) -> list[Tally]:
    """All posts of the first order; the others go on for as long as that takes."""
    is_done = asyncio.Event()
    beside = [
        asyncio.create_task(_carried_out(each, iter(is_done.is_set, True))) for each in others
    ]
    try:
        found = await _carried_out(first, iter(range(first.posts)))
    finally:
        is_done.set()
    return [found, *[await each for each in beside]]


async def _carried_out(order: Order, left: Iterator[object]) -> Tally:
    """All clients at once, until nothing is left to do."""
    tally = Tally()
    connections = [await Connection.open(order.port) for _ in range(order.clients)]
    began = time.perf_counter()
    bodies = [order.bodies[n % len(order.bodies)] for n in range(order.clients)]
    clients = zip(connections, bodies, strict=True)
    await asyncio.gather(*(_client(order, *each, left, tally) for each in clients))
    tally.seconds = time.perf_counter() - began
    for each in connections:
        await each.close()
    return tally


async def _client(
    order: Order, connection: Connection, body: str, left: Iterable[object], tally: Tally
) -> None:
    post = request("POST", order.path, order, body)
    for _ in left:
        sent = time.perf_counter()
        status, answer = await connection.ask(post)
        tally.requests += 1
        tally.statuses[status] += 1
        if order.follow and status == 202:
            await _follow(order, connection, json.loads(answer)["id"], tally)
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
    """Carry out the orders on standard input; the CPU of all is told with the first."""
    orders = [Order(**each) for each in json.load(sys.stdin)]
    began = time.process_time()
    found = asyncio.run(carry_out(*orders))
    found[0].cpu = time.process_time() - began
    print(json.dumps([vars(each) for each in found]))


if __name__ == "__main__":
    main()

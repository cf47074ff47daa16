"""The load generator, against a server that answers as the API does."""

import asyncio
import json
from collections import Counter

import pytest

from infra.bench.clients import Order, Tally, carry_out


class Server:
    """Accepts every submit; a result is there at the second look."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self._closed = asyncio.Semaphore(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await reader.readline():
            await self._answer(head.decode(), reader, writer)
        writer.close()
        await writer.wait_closed()
        self._closed.release()

    async def all_closed(self) -> None:
        for _ in range(self.connections):
            await self._closed.acquire()

    async def _answer(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        method, path, _ = line.split()
        headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(headers.partition("content-length:")[2].split()[0]))
        self.asked[f"{method} {path}"] += 1
        body = json.dumps({"id": "one", "done": self.asked[f"{method} {path}"] > 1})
        status = "202 Accepted" if method == "POST" else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())


@pytest.fixture
def server() -> Server:
    return Server()


def run(server: Server, *, clients: int, submits: int, follow: bool = False) -> Tally:
    """Carry out an order at that server."""

    async def both() -> Tally:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        order = Order(port, "token", "/submit", "{}", clients, submits, follow)
        async with listening:
            tally = await carry_out(order)
            await server.all_closed()
            return tally

    return asyncio.run(both())


def test_all_submits_are_sent_once_over_kept_connections(server: Server) -> None:
    tally = run(server, clients=3, submits=20)

    assert (server.asked["POST /submit"], server.connections) == (20, 3)
    assert tally.statuses == Counter({202: 20})


def test_a_followed_submit_ends_with_its_result(server: Server) -> None:
    tally = run(server, clients=1, submits=1, follow=True)

    assert server.asked["GET /api/v1/predictions/one"] == 2
    assert (len(tally.latencies), tally.requests) == (1, 3)


def test_a_tally_comes_back_as_it_was_printed() -> None:
    tally = Tally(2.0, 0.5, 20, Counter({202: 20}), [1.0])

    assert Tally.read(json.dumps(vars(tally))) == tally

"""The load generator, against a server that answers as the API does."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from infra.bench.clients import carry_out
from infra.bench.orders import Order, Tally, tallies


class Server:
    """Accepts every submit; a result is there at the second look."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.heads: list[str] = []
        self.bodies: Counter[str] = Counter()
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
        length = int(headers.partition("content-length:")[2].split()[0])
        self.bodies[(await reader.readexactly(length)).decode()] += 1
        self.heads.append(headers)
        self.asked[f"{method} {path}"] += 1
        body = json.dumps({"id": "one", "done": self.asked[f"{method} {path}"] > 1})
        status = "202 Accepted" if method == "POST" else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())


@pytest.fixture
def server() -> Server:
    return Server()


def run(server: Server, *orders: Order) -> list[Tally]:
    """Carry out orders at that server, whatever port they name."""

    async def both() -> list[Tally]:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        async with listening:
            found = await carry_out(*(replace(each, port=port) for each in orders))
            await server.all_closed()
            return found

    return asyncio.run(both())


def order(clients: int, posts: int, **more: Any) -> Order:
    """Submits, unless it says otherwise."""
    return Order(
        **{"port": 0, "path": "/submit", "bodies": ["{}"], "token": "token", **more},
        clients=clients,
        posts=posts,
    )


def test_all_submits_are_sent_once_over_kept_connections(server: Server) -> None:
    [tally] = run(server, order(3, 20))

    assert (server.asked["POST /submit"], server.connections) == (20, 3)
    assert tally.statuses == Counter({202: 20})


def test_a_followed_submit_ends_with_its_result(server: Server) -> None:
    [tally] = run(server, order(1, 1, follow=True))

    assert server.asked["GET /api/v1/predictions/one"] == 2
    assert (len(tally.latencies), tally.requests) == (1, 3)


def test_each_client_has_a_body_of_its_own(server: Server) -> None:
    run(server, order(2, 10, bodies=["one", "other"], pause=0.001))

    assert set(server.bodies) == {"one", "other"}
    assert server.bodies.total() == 10


def test_other_orders_go_on_until_the_first_is_done(server: Server) -> None:
    first, other = run(server, order(1, 10, pause=0.01), order(1, 0, path="/login"))

    assert first.statuses.total() == 10
    assert other.statuses.total() == server.asked["POST /login"] > 0


@pytest.mark.parametrize(("token", "sent"), [("secret", True), ("", False)])
def test_a_token_is_sent_where_there_is_one(server: Server, token: str, sent: bool) -> None:
    run(server, order(1, 1, token=token))

    assert ("authorization: bearer secret" in server.heads[0]) is sent


def test_tallies_come_back_as_they_were_printed() -> None:
    tally = Tally(2.0, 0.5, 20, Counter({202: 20}), [1.0])

    assert tallies(json.dumps([vars(tally)])) == [tally]

"""A client and an inner application for the front door's tests, without a server."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from infra.emulator.front_door import FrontDoor
from infra.emulator.problems import Message, Receive, Scope, Send

PORT = 8000


@dataclass
class Inner:
    """Stands for ministack: records what reaches it, and holds requests until released."""

    scopes: list[Scope] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    failure: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            self.bodies.append((await receive())["body"])
            await self.released.wait()
            if self.failure:
                raise self.failure
        finally:
            self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"answered"})


@dataclass
class Client:
    """One request to the front door, and what came back."""

    path: str = "/api/v1/things"
    method: str = "GET"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    query: bytes = b""
    chunks: tuple[bytes, ...] = (b"",)
    raw_path: bytes | None = None
    port: int = PORT
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        last = len(self.chunks) - 1
        self._messages = [
            {"type": "http.request", "body": chunk, "more_body": number < last}
            for number, chunk in enumerate(self.chunks)
        ]

    async def ask(self, door: FrontDoor) -> "Client":
        """Send the request and wait for the end of it."""
        await door(self._scope(), self._receive, self._send)
        return self

    @property
    def status(self) -> int | None:
        """The response's status; None if none came."""
        return self.sent[0]["status"] if self.sent else None

    @property
    def problem(self) -> dict[str, Any]:
        """The response's body as JSON."""
        parsed: dict[str, Any] = json.loads(self.sent[1]["body"])
        return parsed

    def header(self, name: bytes) -> bytes | None:
        """A header of the response."""
        return dict(self.sent[0]["headers"]).get(name)

    def _scope(self) -> Scope:
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode() if self.raw_path is None else self.raw_path,
            "query_string": self.query,
            "headers": self.headers,
            "server": ("127.0.0.1", self.port),
        }

    async def _receive(self) -> Message:
        if self._messages:
            return self._messages.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


def door_to(inner: Inner, rest_api: str | None = "abc123", concurrency: int = 3) -> FrontDoor:
    """A front door whose deployed API has that id."""
    return FrontDoor(inner, PORT, lambda: rest_api, concurrency)


async def settled() -> None:
    """Every task that can go on has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)

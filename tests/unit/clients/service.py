"""A service as its HTTP contract has it, in memory and in virtual time, on a line that fails."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from clients.python.lambent_client import Lambent

BASE = "http://localhost:8000/api"
SUBMIT = "/v1/models/temperature/predictions"
BATCH = f"{SUBMIT}/batch"
PLACE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
PROBLEM = {"Content-Type": "application/problem+json"}

Answering = Callable[[httpx.Request], httpx.Response]
Trouble = Callable[[httpx.Request, Answering], httpx.Response]


class Clock:
    """Time that passes when somebody sleeps, at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Service:
    """Each prediction is `queued` for half of `takes` seconds and `running` for the rest."""

    takes: float = 0.0
    retry_after: str = "1"
    ending: str = "succeeded"
    troubles: list[Trouble] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)
    made: list[tuple[str, float]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if self.troubles:
            return self.troubles.pop(0)(request, self._answer)
        return self._answer(request)

    def client(self, token: str | None = None, retries: int = 4) -> Lambent:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Lambent(BASE, token, http, retries, self.clock)

    def sent(self, header: str) -> list[str | None]:
        """What the requests had in this header."""
        return [request.headers.get(header) for request in self.seen]

    def asked(self) -> list[str]:
        """Method and path of each request."""
        return [
            f"{request.method} {request.url.raw_path.decode().removeprefix('/api')}"
            for request in self.seen
        ]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api")
        if path == BATCH:
            return self._batch(request)
        if path.startswith("/v1/batches/"):
            return self._counts()
        if request.method == "POST":
            found = self._made(request.headers["Idempotency-Key"])
            return self._shown(found, request, accepting=True)
        return self._shown(int(path.rpartition("/")[2]), request)

    def _made(self, key: str) -> int:
        """The place of what this key made, now or before."""
        keys = [each for each, _ in self.made]
        if key not in keys:
            self.made.append((key, self.clock.now))
        return [each for each, _ in self.made].index(key)

    def _shown(
        self, number: int, request: httpx.Request, *, accepting: bool = False
    ) -> httpx.Response:
        begun = self.made[number][1]
        self._wait(request, begun + self.takes)
        age = self.clock.now - begun
        done = age >= self.takes
        status = self.ending if done else "running" if age >= self.takes / 2 else "queued"
        tag = f'W/"{number}-{status}"'
        headers = {"ETag": tag} | ({} if done else {"Retry-After": self.retry_after})
        if request.headers.get("If-None-Match") == tag:
            return httpx.Response(304, headers=headers)
        body = self._representation(str(number), status, done=done)
        return httpx.Response(202 if accepting and not done else 200, headers=headers, json=body)

    def _wait(self, request: httpx.Request, until: float) -> None:
        """As long as the request prefers, and no longer than there is something to wait for."""
        preferred = re.search(r"wait=(\d+)", request.headers.get("Prefer", ""))
        wanted = int(preferred[1]) if preferred else 0
        self.clock.now = max(self.clock.now, min(self.clock.now + wanted, until))

    def _representation(self, id: str, status: str, *, done: bool) -> dict[str, Any]:
        has_failed = done and status != "succeeded"
        return {
            "id": id,
            "object": "prediction",
            "status": status,
            "done": done,
            "output": {"temperature": 8.5} if status == "succeeded" else None,
            "error": {"code": "invalid-input", "detail": "No such month"} if has_failed else None,
        }

    def _batch(self, request: httpx.Request) -> httpx.Response:
        self._made(request.headers["Idempotency-Key"])
        inputs = json.loads(request.content)["inputs"]
        told: list[dict[str, Any]] = [
            {"id": str(n)} if each else {"error": {}} for n, each in enumerate(inputs)
        ]
        headers = {"Retry-After": self.retry_after}
        return httpx.Response(202, headers=headers, json={"batch_id": "b", "predictions": told})

    def _counts(self) -> httpx.Response:
        done = self.clock.now >= self.made[0][1] + self.takes
        headers = {} if done else {"Retry-After": self.retry_after}
        return httpx.Response(
            200, headers=headers, json={"id": "b", "object": "batch", "done": done}
        )


def unreachable(request: httpx.Request, answer: Answering) -> httpx.Response:
    """Nothing arrives."""
    raise httpx.ConnectError("refused", request=request)


def lost(request: httpx.Request, answer: Answering) -> httpx.Response:
    """What was asked is done, and the answer does not arrive."""
    answer(request)
    raise httpx.ReadError("reset by peer", request=request)


def refusing(status: int, retry_after: str | None = None, code: str = "refused") -> Trouble:
    """A problem document in place of an answer."""
    headers = PROBLEM | ({"Retry-After": retry_after} if retry_after else {})
    body = json.dumps({"code": code, "detail": "Not now", "request_id": "r"})
    return lambda request, answer: httpx.Response(status, headers=headers, text=body)

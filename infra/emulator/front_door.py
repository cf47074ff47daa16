"""The front door `http://localhost:8000/api`: what stands before the REST API, without AWS.

An ASGI application around ministack's. It serves one port and leaves every other to ministack.
"""

import asyncio
from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import quote

from infra.emulator.problems import (
    App,
    Headers,
    Receive,
    Refusal,
    Scope,
    Send,
    send_problem,
    send_response,
)
from infra.emulator.turns import Disconnected, replay, turn, whole_body

STAGE = "/api"
HOME = f"{STAGE}/docs"
WAITING_AT_ONCE = 8


class FrontDoor:
    """Leads `/api` on its port to the deployed REST API, a few requests at a time.

    ministack starts one process per concurrent call, so a burst would start a storm of them.
    Requests that ask to wait (`Prefer: wait`) hold a process idle; they are counted apart.
    """

    def __init__(
        self, inner: App, port: int, rest_api: Callable[[], str | None], concurrency: int = 3
    ) -> None:
        self._inner = inner
        self._port = port
        self._rest_api = rest_api
        self._working = asyncio.Semaphore(concurrency)
        self._waiting = asyncio.Semaphore(WAITING_AT_ONCE)
        self._closed = False
        self.open_requests = 0

    def close(self) -> None:
        """Refuse new requests; those already let in are answered."""
        self._closed = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["server"][1] != self._port:
            await self._inner(scope, receive, send)
            return
        self.open_requests += 1
        try:
            await self._answer(scope, receive, send)
        except Refusal as refusal:
            await send_problem(send, refusal, scope["path"])
        except Disconnected:
            pass  # nobody is left to answer
        finally:
            self.open_requests -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in ("/", STAGE, f"{STAGE}/") and scope["method"] in ("GET", "HEAD"):
            await send_response(send, HTTPStatus.FOUND, [(b"location", HOME.encode())], b"")
            return
        inward = self._inward(scope)
        body = await whole_body(receive)
        turns = self._waiting if _asks_to_wait(scope["headers"]) else self._working
        async with turn(turns, receive):
            await self._inner(inward, replay(body, receive), send)

    def _inward(self, scope: Scope) -> Scope:
        """The request as ministack's REST API wants it, or the reason to refuse it."""
        _require_api_path(scope["path"])
        _require_utf8(scope["query_string"])
        prefix = f"/restapis/{self._deployed_api()}{STAGE}/_user_request_"
        path = prefix + scope["path"].removeprefix(STAGE)
        headers = list(_trusted(scope["headers"], self._port))
        return {**scope, "path": path, "raw_path": _raw(scope, prefix, path), "headers": headers}

    def _deployed_api(self) -> str:
        if self._closed:
            raise _unavailable("closing", "The emulator is stopping. Start it with ./run.sh up.")
        rest_api = self._rest_api()
        if rest_api is None:
            raise _unavailable("not-deployed", "No API is deployed here yet. Run ./run.sh up.")
        return rest_api


def _unavailable(code: str, detail: str) -> Refusal:
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, code, detail)


def _require_api_path(path: str) -> None:
    if not path.startswith(f"{STAGE}/"):
        detail = f"Nothing is at this path; the API begins at {STAGE}/v1."
        raise Refusal(HTTPStatus.NOT_FOUND, "not-found", detail)


def _require_utf8(query: bytes) -> None:
    try:
        query.decode()
    except UnicodeDecodeError:
        detail = "The query string is not UTF-8."
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad-request", detail) from None


def _raw(scope: Scope, prefix: str, path: str) -> bytes:
    """The client's own percent-encoding, kept."""
    raw: bytes = scope.get("raw_path") or b""
    if raw.startswith(STAGE.encode()):
        return prefix.encode() + raw.removeprefix(STAGE.encode())
    return quote(path).encode()


def _trusted(headers: Headers, port: int) -> Iterator[tuple[bytes, bytes]]:
    """The headers without those by which a client could pass for another address or API."""
    for name, value in headers:
        if name == b"host":  # ministack routes by Host before it looks at the path
            yield name, f"localhost:{port}".encode()
        elif name != b"forwarded" and not name.startswith(b"x-forwarded-"):
            yield name, value


def _asks_to_wait(headers: Headers) -> bool:
    preferences = b",".join(value for name, value in headers if name == b"prefer").split(b",")
    names = (preference.partition(b";")[0].partition(b"=")[0] for preference in preferences)
    return any(name.strip().lower() == b"wait" for name in names)

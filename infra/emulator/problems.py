"""Problem documents (RFC 9457) of the front door, in the shape of the API's own."""

import json
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
]
"""As the API's own answers have them."""


class Refusal(Exception):
    """A request that never reaches the API, and why."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


async def send_problem(send: Send, refusal: Refusal, path: str) -> None:
    """Answer with the refusal as a problem document."""
    request_id = str(uuid.uuid4())
    problem = {
        "type": f"urn:lambent:problem:{refusal.code}",
        "title": refusal.status.phrase,
        "status": refusal.status.value,
        "detail": refusal.detail,
        "instance": path,
        "code": refusal.code,
        "request_id": request_id,
    }
    headers = [
        (b"content-type", b"application/problem+json; charset=utf-8"),
        (b"x-request-id", request_id.encode()),
    ]
    if refusal.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    await send_response(send, refusal.status, headers, json.dumps(problem).encode())


async def send_response(send: Send, status: HTTPStatus, headers: Headers, body: bytes) -> None:
    """A whole response in one go."""
    told = [*headers, *SECURITY, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status.value, "headers": told})
    await send({"type": "http.response.body", "body": body})

"""How a request waits for its turn, and how it leaves the queue when its client does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from infra.emulator.problems import Message, Receive, Refusal

MAX_BODY = 10 * 1024 * 1024  # API Gateway's own limit


class Disconnected(Exception):
    """The client left before its turn came."""


async def whole_body(receive: Receive) -> bytes:
    """The request's body, read before the turn so that a slow upload holds nobody up."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            detail = f"The body is larger than {MAX_BODY} bytes."
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever the client does next."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replayed() -> Message:
        for message in messages:
            return message
        return await receive()

    return replayed


@asynccontextmanager
async def turn(turns: asyncio.Semaphore, receive: Receive) -> AsyncIterator[None]:
    """Hold a turn, taken in order of arrival; a client that leaves the queue takes none."""
    if turns.locked():
        await _queue(turns, receive)
    else:
        await turns.acquire()
    try:
        yield
    finally:
        turns.release()


async def _queue(turns: asyncio.Semaphore, receive: Receive) -> None:
    mine = asyncio.ensure_future(turns.acquire())
    left = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({mine, left}, return_when=asyncio.FIRST_COMPLETED)
        if not mine.done():
            raise Disconnected
    except BaseException:
        if not mine.cancel():  # it came in the very instant of leaving: to the next in line
            turns.release()
        raise
    finally:
        left.cancel()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

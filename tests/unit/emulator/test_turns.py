"""How many requests are inside at once, and that no turn is ever lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from .asgi import Client, Inner, door_to, settled

WAIT = [(b"prefer", b"respond-async, Wait=10")]


async def crowd(inner: Inner, clients: list[Client], concurrency: int = 3) -> list[int]:
    """All at once; how many were inside when every one had come, and afterwards everyone's end."""
    door = door_to(inner, concurrency=concurrency)
    asking = [asyncio.ensure_future(client.ask(door)) for client in clients]
    await settled()
    inside = inner.inside
    inner.released.set()
    await asyncio.gather(*asking)
    return [inside, inner.most_inside]


@pytest.mark.parametrize("concurrency", [1, 3, 5])
def test_of_32_at_once_never_more_than_the_limit_are_inside(concurrency: int) -> None:
    inner, clients = Inner(), [Client() for _ in range(32)]

    counts = asyncio.run(crowd(inner, clients, concurrency))

    assert counts == [concurrency, concurrency]
    assert [client.status for client in clients] == [200] * 32


def test_requests_that_wait_are_counted_apart_and_at_most_8() -> None:
    inner = Inner()
    clients = [Client(headers=WAIT) for _ in range(20)] + [Client() for _ in range(20)]

    counts = asyncio.run(crowd(inner, clients))

    assert counts == [8 + 3, 8 + 3]
    assert {client.status for client in clients} == {200}


@pytest.mark.parametrize("value", [b"wait", b"wait=5", b"return=minimal, WAIT = 5; x=y"])
def test_every_spelling_of_the_preference_counts_apart(value: bytes) -> None:
    clients = [Client(headers=[(b"prefer", value)]) for _ in range(9)]

    assert asyncio.run(crowd(Inner(), clients)) == [8, 8]


@pytest.mark.parametrize("value", [b"respond-async", b"waiting=5", b"return=wait", b""])
def test_other_preferences_do_not(value: bytes) -> None:
    clients = [Client(headers=[(b"prefer", value)]) for _ in range(9)]

    assert asyncio.run(crowd(Inner(), clients)) == [3, 3]


def test_turns_are_taken_in_order_of_arrival() -> None:
    inner = Inner()
    clients = [Client(f"/api/{number}") for number in range(6)]

    asyncio.run(crowd(inner, clients, concurrency=1))

    paths = [scope["path"][-1] for scope in inner.scopes]
    assert paths == ["0", "1", "2", "3", "4", "5"]


def test_a_slow_upload_holds_nobody_up() -> None:
    async def scenario() -> int | None:
        inner = Inner()
        inner.released.set()
        door = door_to(inner, concurrency=1)
        slow = asyncio.ensure_future(Client(chunks=()).ask(door))  # its body never comes
        await settled()
        quick = await Client().ask(door)
        slow.cancel()
        return quick.status

    assert asyncio.run(scenario()) == 200


def leave_and_come_again(leave: str) -> Coroutine[Any, Any, tuple[int, int | None]]:
    """One inside, one in the queue that leaves; what a later one gets."""

    async def scenario() -> tuple[int, int | None]:
        inner = Inner()
        door = door_to(inner, concurrency=1)
        first, leaver, later = Client(), Client("/api/leaver"), Client()
        asking = [asyncio.ensure_future(client.ask(door)) for client in (first, leaver)]
        await settled()
        leaver.gone.set() if leave == "disconnect" else asking[1].cancel()
        await settled()
        inner.released.set()
        await later.ask(door)
        return sum("leaver" in scope["path"] for scope in inner.scopes), later.status

    return scenario()


@pytest.mark.parametrize("how", ["disconnect", "cancel"])
def test_who_leaves_the_queue_is_not_served_and_takes_no_turn(how: str) -> None:
    assert asyncio.run(leave_and_come_again(how)) == (0, 200)


def test_who_leaves_in_the_instant_of_its_turn_gives_it_back() -> None:
    async def scenario() -> int | None:
        inner = Inner()
        door = door_to(inner, concurrency=1)
        leaver = Client()
        first = asyncio.ensure_future(Client().ask(door))
        await settled()
        leaving = asyncio.ensure_future(leaver.ask(door))
        await settled()
        inner.released.set()
        leaver.gone.set()
        leaving.cancel()
        await asyncio.gather(first, leaving, return_exceptions=True)
        return (await asyncio.wait_for(Client().ask(door), 5)).status

    assert asyncio.run(scenario()) == 200


def test_a_client_that_leaves_inside_holds_its_turn_until_its_call_is_over() -> None:
    async def scenario() -> tuple[int, int]:
        inner = Inner()
        door = door_to(inner, concurrency=1)
        leaver, second = Client(), Client()
        asking = [asyncio.ensure_future(client.ask(door)) for client in (leaver, second)]
        await settled()
        leaver.gone.set()  # its function still runs
        await settled()
        while_running = inner.inside
        inner.released.set()
        await asyncio.gather(*asking)
        return while_running, inner.most_inside

    assert asyncio.run(scenario()) == (1, 1)


def test_a_failing_call_gives_its_turn_back() -> None:
    async def scenario() -> int | None:
        inner = Inner(failure=RuntimeError("the emulator broke"))
        inner.released.set()
        door = door_to(inner, concurrency=1)
        with pytest.raises(RuntimeError):
            await Client().ask(door)
        inner.failure = None
        assert door.open_requests == 0
        return (await Client().ask(door)).status

    assert asyncio.run(scenario()) == 200

"""A Lambent with the chaos models, and what is ordered of it while its processes are killed."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from infra.build.profiles import PROFILES
from infra.emulator.process import Emulator
from tests.e2e.checkouts import clone
from tests.e2e.conftest import Lambent
from tests.e2e.orders import Orders, noted
from tests.e2e.people import user_of
from tests.e2e.workers import held, kill_all
from tests.emulators import eventually

MODEL = Path(__file__).with_name("chaos_model.py")
REDELIVERED, GIVEN_UP = 90, 300
"""Seconds that a message may take to come again, which is after 31, or to come in vain."""


@contextmanager
def chaotic_in(folder: Path) -> Iterator[Lambent]:
    """From a checkout of its own, with workers that have 5 seconds for a batch."""
    with ExitStack() as closing:
        workspace = clone(folder)
        shutil.copy(MODEL, workspace.root / "layers/model/python/ml_models/chaos.py")
        profiles = workspace.root / PROFILES
        profiles.write_text(re.sub(r"(?m)^timeout = \d+$", "timeout = 5", profiles.read_text()))
        running = Lambent(workspace, closing)
        closing.callback(running.run, "down", "--wipe")
        start(running)
        yield running


def start(lambent: Lambent) -> None:
    """`up`, which has to succeed."""
    up = lambent.up()
    assert up.returncode == 0, up.stdout + up.stderr


def give_with_a_killer(lambent: Lambent, act: str, count: int) -> Orders:
    """So many at once, of which the one in the middle does that to its worker."""
    orders = Orders(user_of(lambent, "chaos"))
    acts = [act if n == count // 2 else "answer" for n in range(count)]
    ordered = [{"number": n, "act": each} for n, each in enumerate(acts)]
    with held(lambent, "light"):
        if count > 10:
            orders.give_batch(ordered)
        else:
            assert all(orders.give(order) for order in ordered)
    return orders


def give_while_the_api_dies(lambent: Lambent, count: int, deaths: int) -> Orders:
    """So many, on whose answers the client insists."""
    orders = Orders(user_of(lambent, "chaos"))
    with ThreadPoolExecutor(5) as crowd:
        giving = [crowd.submit(orders.insist, {"number": n}) for n in range(count)]
        for death in range(1, deaths + 1):
            enough = count * death // (deaths + 2)
            assert eventually(lambda enough=enough: len(orders.made) >= enough, REDELIVERED)
            assert kill_all(lambent, "api")
    assert not [error for each in giving if (error := each.exception())]
    return orders


class Outlived(NamedTuple):
    """What was ordered, and the first of it, that was done by then."""

    orders: Orders
    first: dict[str, Any]


def give_until_stopped(lambent: Lambent) -> Outlived:
    """As much as is taken until the emulator stops, cleanly, at work; it is up again then."""
    orders = Orders(user_of(lambent, "chaos"))
    assert orders.give({"number": 9})
    (first,) = orders.ended(REDELIVERED)
    with ThreadPoolExecutor(1) as crowd:
        giving = crowd.submit(_give_until_refused, orders)
        assert eventually(lambda: len(orders.made) > 50)
        assert not orders.have_ended()
        down = lambent.run("down")
    giving.result()
    assert down.returncode == 0, down.stderr
    start(lambent)
    return Outlived(orders, first)


def kill_emulator(lambent: Lambent) -> None:
    """SIGKILL, without a chance to save anything."""
    status = Emulator(lambent.workspace).status()
    assert status
    os.kill(status.pid, signal.SIGKILL)
    assert eventually(lambda: not Emulator(lambent.workspace).is_running())


def kill_workers_at_work(lambent: Lambent, diary: Path) -> None:
    """All of them, as soon as another order is begun."""
    begun = len(noted(diary))
    assert eventually(lambda: len(noted(diary)) > begun, REDELIVERED)
    assert kill_all(lambent, "light-worker")


def kill_who_works_on(diary: Path) -> None:
    """The process that began an order of this diary, as soon as one has."""
    assert eventually(lambda: noted(diary))
    os.kill(noted(diary)[0], signal.SIGKILL)


def _give_until_refused(orders: Orders) -> None:
    with suppress(httpx.TransportError):
        while orders.give({"number": len(orders.made), "seconds": 0.05}):
            pass

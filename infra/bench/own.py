"""A Lambent of its own to measure: free ports, a temporary folder, gone afterwards."""

import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infra.bench.processes import Group
from infra.bench.stack import MODEL, Stack
from infra.bench.steps import Step
from infra.build import Built
from infra.deploy import Cloud
from infra.emulator.process import Emulator
from infra.local import bring_up
from infra.local.deployment import core
from infra.workspace import Workspace

POLICY = 1000
"""Without limits; the seeded ones stop after a thousand a day."""


@contextmanager
def own_stack(workspace: Workspace, built: Built, told: Step) -> Iterator[Stack]:
    """As `up` makes it; stopped and removed at the end, whatever happens."""
    with _ended_by_signals(), tempfile.TemporaryDirectory(prefix="lambent-bench-") as folder:
        port, emulator_port = _free_ports()
        own = replace(workspace, port=port, emulator_port=emulator_port, local_dir=Path(folder))
        emulator = Emulator(own)
        try:
            bring_up.start(emulator, told.report)
            yield _brought_up(own, emulator, built, told.flash)
        finally:
            emulator.stop()


def _brought_up(
    own: Workspace, emulator: Emulator, built: Built, report: Callable[[str], None]
) -> Stack:
    cloud = Cloud.local(own.endpoint)
    outputs, _ = bring_up.bring_stack(own, cloud, built, report)
    bring_up.open_door(own, cloud, built, outputs)
    status = emulator.status()
    assert status  # it has just answered
    stack = Stack(own, cloud, outputs, Group(status.pid), core(own, cloud, outputs), "")
    return replace(stack, user_id=_user(stack))


def _user(stack: Stack) -> str:
    from chalicelib.domain.access import Policy
    from chalicelib.domain.accounts.callers import Origin

    user, services = stack.register("bench@example.com"), stack.core.services
    services.policymaking.ensure([Policy(POLICY, "bench")], Origin())
    services.granting.grant(user.id, MODEL, POLICY, Origin())
    return user.id


def _free_ports() -> tuple[int, int]:
    """Two that nobody listens on just now."""
    here = ("127.0.0.1", 0)
    with socket.create_server(here) as one, socket.create_server(here) as other:
        return one.getsockname()[1], other.getsockname()[1]


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does: with everything cleared away."""

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # a second one must not cut the clearing short
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

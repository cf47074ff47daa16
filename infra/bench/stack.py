"""A Lambent of its own to measure: free ports, a temporary folder, gone afterwards."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from infra.bench.clients import Order, Tally
from infra.bench.errors import Unmeasured
from infra.bench.processes import Group
from infra.bench.steps import Step
from infra.build import Built
from infra.deploy import Cloud
from infra.emulator.process import Emulator
from infra.local import bring_up
from infra.local.deployment import Core, core
from infra.workspace import Workspace

MODEL = "temperature"
INPUT = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
POLICY = 1000
"""Without limits; the seeded ones stop after a thousand a day."""


@dataclass(frozen=True)
class Stack:
    """A running Lambent and a user who may ask it as often as he likes."""

    workspace: Workspace
    cloud: Cloud
    outputs: Mapping[str, str]
    group: Group
    core: Core
    user_id: str

    def load(self, clients: int, submits: int, *, follow: bool = False, pause: float = 0) -> Tally:
        """So many submits by so many clients with a token of a new session."""
        order = Order(
            port=self.workspace.port,
            token=self._token(),
            path=f"/api/v1/models/{MODEL}/predictions",
            body=json.dumps({"input": INPUT}),
            clients=clients,
            submits=submits,
            follow=follow,
            pause=pause,
        )
        tally = self._carried_out(order)
        if set(tally.statuses) != {202}:
            raise Unmeasured("The API", f"status codes {dict(tally.statuses)}, not 202 alone")
        return tally

    def _carried_out(self, order: Order) -> Tally:
        done = subprocess.run(
            [sys.executable, "-m", "infra.bench.clients"],
            cwd=self.workspace.root,
            input=json.dumps(asdict(order)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unmeasured("The load generator", done.stderr)
        return Tally.read(done.stdout)

    def _token(self) -> str:
        from chalicelib.services.accounts import Origin

        services = self.core.services
        user = services.users.by_id(self.user_id)
        assert user  # made by _user
        return services.accounts.open_session(user, Origin())


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
    application = core(own, cloud, outputs)
    status = emulator.status()
    assert status  # it has just answered
    user = _user(application.services)
    return Stack(own, cloud, outputs, Group(status.pid), application, user)


def _user(services: Any) -> str:
    from chalicelib.domain.access import Policy

    services.access.put_policy(Policy(POLICY, "bench", None, None))
    user = services.accounts.register("bench@example.com", "a long and private sentence")
    services.granting.grant(user.id, MODEL, POLICY)
    return str(user.id)


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

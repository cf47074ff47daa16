"""The emulator as a background process of this checkout: started, asked, stopped."""

import http.client
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from infra.emulator.environment import Folders
from infra.emulator.errors import EmulatorError, NotReady, RunsElsewhere
from infra.emulator.installation import Installation, only_one
from infra.emulator.launch import asked_concurrency, launch
from infra.emulator.origin import Origin
from infra.emulator.ports import require_free
from infra.emulator.route import Route
from infra.emulator.running import Record, Running
from infra.workspace import Workspace

SAVING = 60.0  # seconds that the state may take to be written


class Stopped(StrEnum):
    """How a stop ended."""

    NOT_RUNNING = "it was not running"
    SAVED = "stopped, its state is saved"
    KILLED = "killed after it did not stop in time: what changed since its start is lost"


@dataclass(frozen=True)
class Status:
    """A running emulator, in figures."""

    pid: int
    port: int
    emulator_port: int
    ready: bool
    rest_api_id: str | None
    function_processes: int
    memory_mb: int


class Emulator:
    """One workspace's emulator; every object for that workspace sees the same process."""

    def __init__(self, workspace: Workspace, api_concurrency: int | None = None) -> None:
        self._workspace = workspace
        self._concurrency = api_concurrency or asked_concurrency()
        self._installation = Installation(workspace.root / ".venv-emulator")
        self._folders = Folders(workspace.local_dir)
        self._route = Route(self._folders.route)
        self._child: subprocess.Popen[bytes] | None = None

    def install(self, report: Callable[[str], None]) -> None:
        """Make its environments unless they are there for these pins and this Python."""
        self._installation.install(report)

    def start(self) -> bool:
        """Start it in the background; False if it runs already. Follow with `wait_ready`."""
        with only_one(self._folders.lock):
            if running := self._running():
                self._require_same_ports(running.record)
                return False
            self._collect_child()
            require_free(self._workspace.emulator_port, "EMULATOR_PORT")
            require_free(self._workspace.port, "PORT")
            self._child = launch(
                self._workspace, self._folders, self._installation, self._concurrency
            )
            return True

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return once both ports answer; NotReady if it ends first or takes longer."""
        deadline = time.monotonic() + timeout
        while not self._answers():
            if not self.is_running():
                raise self._not_ready("ended while it was starting")
            if time.monotonic() > deadline:
                raise self._not_ready(f"was not ready after {timeout:.0f} s")
            time.sleep(0.02)

    def is_running(self) -> bool:
        """Whether this workspace's emulator lives, ready or not."""
        return self._running() is not None

    def status(self) -> Status | None:
        """Its figures, or None if it does not run."""
        running = self._running()
        if running is None:
            return None
        functions, memory = running.weight()
        record = running.record
        return Status(
            record.pid,
            record.port,
            record.emulator_port,
            self._answers(),
            self._route.read(),
            functions,
            memory,
        )

    def route_to(self, rest_api_id: str) -> None:
        """Lead the front door to this REST API; kept over restarts."""
        self._route.write(rest_api_id)

    def stop(self, timeout: float = SAVING) -> Stopped:
        """Stop it and wait until the state is saved and the last of its processes is gone."""
        with only_one(self._folders.lock):
            running = self._running()
            outcome = self._end(running, timeout) if running else Stopped.NOT_RUNNING
            self._collect_child()
            self._folders.pid_file.unlink(missing_ok=True)
            return outcome

    def _end(self, running: Running, timeout: float) -> Stopped:
        running.signal(signal.SIGTERM)
        # A clean end removes the pid file; without that it died or has to.
        in_time = running.ended_within(timeout) and not self._folders.pid_file.exists()
        running.end_group()
        if in_time:
            Origin(self._folders).write()
        return Stopped.SAVED if in_time else Stopped.KILLED

    def wipe(self) -> None:
        """Forget all its state; it must not run."""
        if self.is_running():
            raise EmulatorError("The emulator still runs. Stop it first: ./run.sh down.")
        shutil.rmtree(self._folders.data, ignore_errors=True)
        self._folders.log.unlink(missing_ok=True)

    def _running(self) -> Running | None:
        return Running.of(self._folders.pid_file)

    def _collect_child(self) -> None:
        """Of one that has ended, or is just ending: no zombie, and its ports are free again."""
        if self._child is not None:
            self._child.wait(timeout=SAVING)
            self._child = None

    def _require_same_ports(self, record: Record) -> None:
        asked = (self._workspace.port, self._workspace.emulator_port)
        if (record.port, record.emulator_port) != asked:
            raise RunsElsewhere(record.port, record.emulator_port)

    def _answers(self) -> bool:
        ready = _get(self._workspace.emulator_port, "/_ministack/ready") == 200
        return ready and _get(self._workspace.port, "/") is not None

    def _not_ready(self, why: str) -> NotReady:
        log = self._folders.log
        return NotReady(why, str(log), log.read_text(errors="replace")[-2000:])


def _get(port: int, path: str) -> int | None:
    """The status of a GET, never through a proxy; None if nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

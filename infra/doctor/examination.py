"""Which checks there are, in the order in which `up` needs what they look at."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from infra.build import BuildError, Target, build, read_profiles, stale
from infra.cli import demo
from infra.cli.api import Api
from infra.cli.servable import require_servable
from infra.deploy import Cloud
from infra.doctor import checkout, ground, machine, service
from infra.doctor.findings import Check, Finding, fail, ok
from infra.emulator.environment import Folders
from infra.emulator.installation import Installation
from infra.emulator.origin import Origin, pinned
from infra.emulator.process import Emulator
from infra.local.credentials import CredentialsFile
from infra.local.deployment import deployed, followed
from infra.local.errors import Trouble
from infra.localstack.engine import require_engine
from infra.localstack.identity import require_usable
from infra.localstack.memory import place_of
from infra.localstack.workspace import OnLocalStack
from infra.workspace import Workspace


@dataclass(frozen=True)
class Examination:
    """One look at a folder's Lambent, on the ports that are asked for."""

    workspace: Workspace
    report: Callable[[str], None]

    def checks(self) -> Iterator[Check]:
        """Each made when the ones before it have been looked at, and perhaps mended."""
        yield from self._machine()
        yield from self._checkout()
        on = place_of(self.workspace)
        yield from self._localstack(on) if on else self._embedded()
        yield from self._service(followed(self.workspace))

    def _machine(self) -> Iterator[Check]:
        yield Check("Python", machine.python)
        yield Check("git", machine.git)
        yield Check("Room", self._room)
        yield Check("Docker", partial(machine.docker, require_engine))

    def _checkout(self) -> Iterator[Check]:
        is_flat = place_of(self.workspace) is not None
        target = Target.LOCALSTACK if is_flat else Target.EMBEDDED
        old = partial(stale, self.workspace, target)
        make = partial(build, self.workspace, target, self.report)
        yield Check(".venv", partial(checkout.pins, self.workspace.root / "infra/requirements.txt"))
        yield Check("Models", partial(checkout.models, self._models))
        yield Check("Build", partial(checkout.bundles, old, make))

    def _room(self) -> Finding:
        return machine.room(self.workspace.root, shutil.disk_usage(self.workspace.root).free)

    def _profiles(self) -> Iterable[str]:
        """None if their file is wrong: what cannot be built says so."""
        try:
            return read_profiles(self.workspace.root)
        except BuildError:
            return ()

    def _models(self) -> list[str]:
        return [spec.name for spec in require_servable(self.workspace)]

    def _embedded(self) -> Iterator[Check]:
        emulator, folders = Emulator(self.workspace), Folders(self.workspace.local_dir)
        is_complete = Installation(self.workspace.root / ".venv-emulator").is_complete
        install = partial(emulator.install, self.report)
        yield Check("Emulator", lambda: checkout.emulator_environment(is_complete(), install))
        yield Check("Ports", lambda: ground.ports(self.workspace, emulator.status()))
        yield Check("State", partial(self._state, emulator, folders))

    def _state(self, emulator: Emulator, folders: Folders) -> Finding:
        saved_by = Origin(folders).read()
        return ground.state(
            saved_by,
            pinned(),
            is_running=emulator.is_running(),
            set_aside=partial(ground.aside, folders.data, saved_by or ""),
        )

    def _localstack(self, on: OnLocalStack) -> Iterator[Check]:
        def look() -> Finding:
            return ok(f"{require_usable(on.endpoint).version} at {on.endpoint}")

        yield Check("LocalStack", look)

    def _service(self, workspace: Workspace) -> Iterator[Check]:
        is_embedded = not isinstance(workspace, OnLocalStack)
        status = Emulator(workspace).status() if is_embedded else None
        file = CredentialsFile.below(workspace.local_dir)
        is_up = bool(status and status.ready) if is_embedded else _answers(workspace)
        if is_up:
            yield from self._running(workspace)
        elif status:
            yield Check("Process", lambda: _mute(status.pid))
        yield Check("Credentials", lambda: ground.credentials(file.path, file.read, is_up=is_up))
        if is_up:
            yield Check("Sign-in", partial(service.sign_in, demo.EMAIL, partial(_enter, workspace)))

    def _running(self, workspace: Workspace) -> Iterator[Check]:
        cloud, mend = Cloud.local(workspace.endpoint), self._bring_up
        kind = Target.LOCALSTACK if isinstance(workspace, OnLocalStack) else Target.EMBEDDED
        template = workspace.build_dir / kind.value / "template.yaml"
        formation = cloud.client("cloudformation")
        ready = Api(workspace.public_url, retries=0).is_ready
        yield Check("Stack", partial(service.stack, formation, workspace.stack, template, mend))
        yield Check("API", partial(service.api, workspace.public_url, ready, mend))
        for taker in service.takers(self._profiles()):
            yield Check(taker.name.capitalize(), partial(_taking, cloud, workspace.stack, taker))

    def _bring_up(self) -> None:
        """`up` in a process of its own; what it says is no part of the findings."""
        self.report("running ./run.sh up")
        subprocess.run([sys.executable, "-m", "infra.cli", "up"], stdout=sys.stderr, check=False)


def _mute(pid: int) -> Finding:
    return fail(f"process {pid} runs and does not answer", "./run.sh down, then ./run.sh up")


def _answers(workspace: Workspace) -> bool:
    try:
        require_usable(workspace.endpoint)
    except Trouble:
        return False
    return True


def _enter(workspace: Workspace) -> None:
    with demo.session(Api(workspace.public_url), workspace):
        pass


def _taking(cloud: Cloud, stack: str, taker: service.Taker) -> Finding:
    outputs = deployed(cloud, stack)
    if taker.function not in outputs:
        return fail("the stack has none", "./run.sh up")
    mappings: Any = cloud.client("lambda").list_event_source_mappings
    sources = mappings(FunctionName=outputs[taker.function])["EventSourceMappings"]
    return service.taking(cloud.client("sqs"), taker, outputs, sources)

"""LocalStack as `infra.local.ground.Ground`: found running, or started by Docker Compose."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from infra.build import Built, Target
from infra.deploy import Cloud, complete, destroy
from infra.deploy.errors import NothingDeployed
from infra.emulator.ports import require_free
from infra.local.bring_up import bring_stack
from infra.local.deployment import deployed
from infra.local.errors import NotUp
from infra.local.ground import Deployed, Settings
from infra.localstack.compose import Compose
from infra.localstack.errors import NoAnswer
from infra.localstack.identity import require_usable
from infra.localstack.memory import Memory, MemoryFile
from infra.localstack.workspace import OnLocalStack


@dataclass(frozen=True)
class Found:
    """A LocalStack that somebody else started, and that nobody here may stop."""

    workspace: OnLocalStack
    title: str = "LocalStack"
    kind: Target = Target.LOCALSTACK

    def require_startable(self) -> None:
        """Raise unless it answers, is of the right version and serves what is deployed."""
        require_usable(self.workspace.endpoint)

    def start(self, report: Callable[[str], None]) -> str:
        """Nothing to start."""
        identity = require_usable(self.workspace.endpoint)
        remember(self.workspace)
        without = "" if identity.has_mail else "; without ses: mail is off"
        return f"{identity.version} at {self.workspace.endpoint} (runs already{without})"

    def deploy(
        self, cloud: Cloud, built: Built, settings: Settings, report: Callable[[str], None]
    ) -> Deployed:
        """The API's address has its id in it: what is new is deployed, told it, and updated."""
        place = replace(self.workspace, rest_api_id=_api_of(cloud, self.workspace))
        if not require_usable(place.endpoint).has_mail:
            settings = {**settings, "MailSender": ""}
        outputs, touched = bring_stack(place, cloud, built, report, settings)
        if place.rest_api_id != outputs["RestApiId"]:
            place = replace(place, rest_api_id=outputs["RestApiId"])
            outputs, told = bring_stack(place, cloud, built, report, settings)
            touched = max(touched, told)
        return Deployed(place, outputs, touched)

    def open_door(self, cloud: Cloud, built: Built, deployed: Deployed) -> list[str]:
        """Add what LocalStack left out of the template; its own address needs no door."""
        return _complete(cloud, built, deployed)

    def stop(self) -> str:
        """It is not ours to stop."""
        return f"left running at {self.workspace.endpoint}, with its stack {self.workspace.stack}"

    def wipe(self) -> str:
        """Delete the stack, and with it all that it holds."""
        try:
            require_usable(self.workspace.endpoint)
            destroy(Cloud.local(self.workspace.endpoint), self.workspace.stack, report=_silent)
        except NoAnswer:
            return f"nothing answers at {self.workspace.endpoint}: what it held is gone"
        except NothingDeployed:
            return f"left running at {self.workspace.endpoint}, with no stack of this folder"
        return f"left running at {self.workspace.endpoint}, its stack deleted"


@dataclass(frozen=True)
class Composed:
    """A LocalStack of this folder, in containers, with nginx before it."""

    workspace: OnLocalStack
    title: str = "LocalStack"
    kind: Target = Target.LOCALSTACK

    def require_startable(self) -> None:
        """Raise unless Docker is there, and both ports are free or already its own."""
        compose = Compose(self.workspace)
        compose.require_usable()
        if not compose.is_running():
            require_free(self.workspace.emulator_port, "EMULATOR_PORT")
            require_free(self.workspace.port, "PORT")

    def start(self, report: Callable[[str], None]) -> str:
        """Start its containers unless they run."""
        compose = Compose(self.workspace)
        how = "runs already" if compose.is_running() else "started"
        if how == "started":
            report("starting containers (the first time, images are fetched: some minutes)")
        compose.up()
        version = require_usable(self.workspace.endpoint).version
        remember(self.workspace)
        return f"{version} on 127.0.0.1:{self.workspace.emulator_port} ({how})"

    def deploy(
        self, cloud: Cloud, built: Built, settings: Settings, report: Callable[[str], None]
    ) -> Deployed:
        """As on every emulator with a front door of ours."""
        outputs, touched = bring_stack(self.workspace, cloud, built, report, settings)
        place = replace(self.workspace, rest_api_id=outputs["RestApiId"])
        return Deployed(place, outputs, touched)

    def open_door(self, cloud: Cloud, built: Built, deployed: Deployed) -> list[str]:
        """Add what LocalStack left out, and give nginx the API's id."""
        added = _complete(cloud, built, deployed)
        place = replace(self.workspace, rest_api_id=deployed.outputs["RestApiId"])
        Compose(place).up()
        return added

    def stop(self) -> str:
        """Remove its containers; the community edition keeps no state over that."""
        Compose(self.workspace).down()
        return "stopped; what it held is gone, for LocalStack keeps no state"

    def wipe(self) -> str:
        """The same: nothing is left to forget."""
        return self.stop()


def ground_at(workspace: OnLocalStack) -> Found | Composed:
    """The one of the two that this workspace says."""
    return Composed(workspace) if workspace.found_at is None else Found(workspace)


def remember(workspace: OnLocalStack) -> None:
    """That this folder's Lambent is up there."""
    MemoryFile(workspace.local_dir).write(Memory.of(workspace))


def _complete(cloud: Cloud, built: Built, deployed: Deployed) -> list[str]:
    assert isinstance(deployed.workspace, OnLocalStack)  # both grounds here deploy to one
    remember(deployed.workspace)
    return complete(cloud, built.template, stack=deployed.workspace.stack)


def _api_of(cloud: Cloud, workspace: OnLocalStack) -> str | None:
    """The id of the API that is deployed there already."""
    try:
        return deployed(cloud, workspace.stack)["RestApiId"]
    except NotUp:
        return None


def _silent(_: object) -> None:
    pass

"""What plays AWS for a folder's Lambent: the embedded emulator, or LocalStack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from infra.build import Built, Target
from infra.deploy import Cloud
from infra.emulator.process import Emulator
from infra.local import bring_up
from infra.workspace import Workspace

Settings = Mapping[str, str]
"""Parameters of the template that are chosen for this machine."""


@dataclass(frozen=True)
class Deployed:
    """A stack that stands, under the addresses that it was told; `touched` counts resources."""

    workspace: Workspace
    outputs: Mapping[str, str]
    touched: int


class Ground(Protocol):
    """The part of `up` that differs from one of them to the other."""

    @property
    def workspace(self) -> Workspace:
        """Whose addresses and stack are those on this ground."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def kind(self) -> Target:
        """What is built for it."""

    def require_startable(self) -> None:
        """Raise, before anything is done, if `start` could not succeed."""

    def start(self, report: Callable[[str], None]) -> str:
        """Start it unless it runs; where it is and whether it ran."""

    def deploy(
        self, cloud: Cloud, built: Built, settings: Settings, report: Callable[[str], None]
    ) -> Deployed:
        """Bring the stack to what was built and chosen."""

    def open_door(self, cloud: Cloud, built: Built, deployed: Deployed) -> list[str]:
        """Complete what is deployed and lead the front door to it; what had to be added."""


@dataclass(frozen=True)
class Embedded:
    """The emulator that needs nothing but Python."""

    workspace: Workspace
    title: str = "Emulator"
    kind: Target = Target.EMBEDDED

    def require_startable(self) -> None:
        """Both ports are free, or its own."""
        bring_up.require_ports(self.workspace, Emulator(self.workspace))

    def start(self, report: Callable[[str], None]) -> str:
        """Install and start it, in the background."""
        started = bring_up.start(Emulator(self.workspace), report)
        how = "started" if started else "runs already"
        return f"on 127.0.0.1:{self.workspace.emulator_port} ({how})"

    def deploy(
        self, cloud: Cloud, built: Built, settings: Settings, report: Callable[[str], None]
    ) -> Deployed:
        """The front door's address is known beforehand."""
        outputs, touched = bring_up.bring_stack(self.workspace, cloud, built, report, settings)
        return Deployed(self.workspace, outputs, touched)

    def open_door(self, cloud: Cloud, built: Built, deployed: Deployed) -> list[str]:
        """The front door is a part of it."""
        return bring_up.open_door(self.workspace, cloud, built, deployed.outputs)

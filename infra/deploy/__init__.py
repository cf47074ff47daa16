"""From a built template to a running stack, on an emulator and on AWS alike."""

from infra.deploy.changes import Change
from infra.deploy.cloud import Cloud
from infra.deploy.emulators import complete
from infra.deploy.errors import DeployError
from infra.deploy.functions import environment
from infra.deploy.progress import Event, Report
from infra.deploy.stack import Approve, deploy, destroy, outputs

__all__ = [
    "Approve",
    "Change",
    "Cloud",
    "DeployError",
    "Event",
    "Report",
    "complete",
    "deploy",
    "destroy",
    "environment",
    "outputs",
]
